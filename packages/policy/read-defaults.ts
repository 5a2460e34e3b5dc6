import type { Json, JsonObject } from '@proofline/kernel';
import type { CautiousDefaults, DefaultValue, RecordDefaults } from './cautious-defaults.ts';
import { NAMESPACE } from './question.ts';

/** The annotation of an attribute that declares its default: `@default("3") wrongCodes: Long`. */
const DEFAULT = 'default';

/**
 * Facts that are somebody's proof, standing or word. A default among them would be a proof that nobody
 * gave; so they have none, whatever a release says.
 */
const provedFacts: ReadonlySet<string> = new Set([
  'staff',
  'service',
  'caseFile',
  'session',
  'proof',
  'grant',
  'approval',
  'approvalRequest',
  'colleague',
  'policyChange',
  'switchChange',
  'erasureRequest',
  'holdChange',
  'request',
]);

/** Of the call, only what the systems noticed by themselves has one: not whose it is, nor its state. */
const signalsOfCall: ReadonlySet<string> = new Set(['wrongCodes', 'overSeconds']);

function isProved([record = '', attribute = '']: readonly string[]): boolean {
  return record === 'interaction' ? !signalsOfCall.has(attribute) : provedFacts.has(record);
}

/** What is wrong with one declared default. */
export interface DefaultFault {
  readonly code: 'schema.default-type' | 'schema.default-of-proof' | 'schema.default-misplaced';
  readonly text: string;
  /** The attribute that it stands at, for finding its place. */
  readonly attribute: string;
}

/**
 * Reads the declared defaults of a schema that Cedar has accepted, in its JSON form with resolved
 * names. Never throws for its content.
 */
export function readDefaults(json: JsonObject): {
  readonly defaults: CautiousDefaults;
  readonly faults: readonly DefaultFault[];
} {
  const reader = createReader(json);
  const defaults = new Map<string, RecordDefaults>();
  for (const [action, { context }] of actionsOf(json)) {
    const read = reader.read(context, []);
    if (read.values.size > 0 || read.records.size > 0) defaults.set(action, read);
  }
  return { defaults, faults: [...reader.faults(), ...reader.unreached()] };
}

const nothing: RecordDefaults = { values: new Map(), records: new Map(), isWhole: false };

function createReader(json: JsonObject) {
  const faults = new Map<string, DefaultFault>();
  /** Attributes that belong to some action's context. */
  const reached = new Set<Json>();

  /** `path` is how far below the context the record is. */
  function read(type: Json | undefined, path: readonly string[]): RecordDefaults {
    const attributes = attributesOf(json, type);
    if (attributes === undefined) return nothing;
    const values = new Map<string, DefaultValue>();
    const records = new Map<string, RecordDefaults>();
    let isWhole = true;
    for (const [name, attribute] of attributes) {
      reached.add(attribute);
      const here = [...path, name];
      const value = readValue(attribute, here);
      if (value !== undefined) values.set(name, value);
      const below = value === undefined ? read(attribute, here) : nothing;
      if (below.values.size > 0 || below.records.size > 0) records.set(name, below);
      if (attribute['required'] !== false && value === undefined && !below.isWhole) isWhole = false;
    }
    return { values, records, isWhole: isWhole && values.size + records.size > 0 };
  }

  function readValue(attribute: JsonObject, path: readonly string[]): DefaultValue | undefined {
    const text = annotationOf(attribute);
    if (text === undefined) return undefined;
    const attributeName = path.at(-1) ?? '';
    const where = path.join('.');
    const fault = (code: DefaultFault['code'], words: string) => {
      faults.set(`${code} ${where}`, { code, text: words, attribute: attributeName });
      return undefined;
    };
    if (isProved(path)) {
      return fault(
        'schema.default-of-proof',
        `${where} can only be proved or said by somebody, so it has no default.`,
      );
    }
    const value = parseAs(attribute['type'], text);
    return (
      value ??
      fault(
        'schema.default-type',
        `The default of ${where} is no ${typeName(attribute['type'])}. Only Bool, Long and String have defaults.`,
      )
    );
  }

  return {
    read,
    faults: () => faults.values(),
    /** Defaults that would never be given: of entities, actions, types, and of records that no context has. */
    unreached(): DefaultFault[] {
      const found: DefaultFault[] = [];
      const search = (node: Json | undefined, name: string): void => {
        if (!isRecord(node)) return;
        if (!reached.has(node) && annotationOf(node) !== undefined) {
          const text = `${name} is no member of any action’s context, so its default is never given.`;
          found.push({ code: 'schema.default-misplaced', text, attribute: name });
        }
        for (const [key, child] of Object.entries(node)) search(child, key);
      };
      search(json, '');
      return found;
    },
  };
}

/** Every action's name and the type of its context. */
function* actionsOf(json: JsonObject): Iterable<[string, { readonly context: Json | undefined }]> {
  const actions = member(member(json, NAMESPACE), 'actions');
  if (!isRecord(actions)) return;
  for (const [name, action] of Object.entries(actions)) {
    yield [name, { context: member(member(action, 'appliesTo'), 'context') }];
  }
}

/** The attributes of a record type, common types followed; `undefined` where it is none. */
function attributesOf(
  json: JsonObject,
  type: Json | undefined,
): readonly (readonly [string, JsonObject])[] | undefined {
  let node = type;
  // Cedar refuses common types that name each other in a circle.
  for (let name = member(node, 'type'); typeof name === 'string'; name = member(node, 'type')) {
    if (name === 'Record') break;
    const end = name.lastIndexOf('::');
    const namespace = member(json, end < 0 ? '' : name.slice(0, end));
    node = member(member(namespace, 'commonTypes'), name.slice(end < 0 ? 0 : end + 2));
    if (node === undefined) return undefined;
  }
  const attributes = member(node, 'attributes');
  if (!isRecord(attributes)) return undefined;
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    isRecord(attribute) ? [[name, attribute] as const] : [],
  );
}

function annotationOf(node: JsonObject): string | undefined {
  const text = member(member(node, 'annotations'), DEFAULT);
  return typeof text === 'string' ? text : undefined;
}

function parseAs(type: Json | undefined, text: string): DefaultValue | undefined {
  if (type === 'String') return text;
  if (type === 'Bool') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (type === 'Long' && /^-?(?:0|[1-9][0-9]{0,15})$/.test(text)) {
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  return undefined;
}

function typeName(type: Json | undefined): string {
  return typeof type === 'string' ? type : 'plain value';
}

function member(node: Json | undefined, name: string): Json | undefined {
  return isRecord(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

function isRecord(node: Json | undefined): node is JsonObject {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}
