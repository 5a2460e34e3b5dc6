import { CedarInputError, type InputPath } from '../input-error.ts';
import { member, objectAt, stringsAt } from './json-members.ts';
import type { CedarType } from './schema.ts';

/** What the names in a schema mean. */
export interface SchemaNames {
  readonly commonTypes: ReadonlyMap<string, { readonly json: unknown; readonly path: InputPath }>;
  readonly entityTypes: ReadonlySet<string>;
  /** The ids that a type has, where it is an enumeration; types of actions are like one. */
  readonly enumerations: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Types may be nested so deep, common types followed: values and their readers nest as deep. */
const MAX_DEPTH = 100;

const BUILTIN: ReadonlyMap<string, CedarType> = new Map<string, CedarType>([
  ['Bool', { kind: 'boolean' }],
  ['Boolean', { kind: 'boolean' }],
  ['Long', { kind: 'long' }],
  ['String', { kind: 'string' }],
  ['decimal', { kind: 'extension', name: 'decimal' }],
  ['ipaddr', { kind: 'extension', name: 'ipaddr' }],
  ['datetime', { kind: 'extension', name: 'datetime' }],
  ['duration', { kind: 'extension', name: 'duration' }],
]);

const CEDAR = '__cedar::';

/** Reads the types of a schema; a common type becomes one object, however often it is named. */
export class TypeReader {
  readonly #names: SchemaNames;
  /** With the depth below, so that what is shared is still counted. */
  readonly #common = new Map<string, { type: CedarType; depth: number } | 'being read'>();

  constructor(names: SchemaNames) {
    this.#names = names;
  }

  /** Throws a `CedarInputError`. */
  read(json: unknown, path: InputPath): CedarType {
    return this.#read(json, path, 0).type;
  }

  /** Names of entity types that the schema declares; none where the list is absent. */
  entityTypeNames(json: unknown, path: InputPath): readonly string[] {
    const names = stringsAt(json ?? [], path);
    for (const [index, name] of names.entries()) {
      if (!this.#names.entityTypes.has(name)) throw undeclared([...path, index]);
    }
    return names;
  }

  /** `level` counts from the outside, `depth` of the answer from the inside. */
  #read(json: unknown, path: InputPath, level: number): { type: CedarType; depth: number } {
    if (level > MAX_DEPTH) throw tooDeep(path);
    const object = objectAt(json, path);
    const kind = member(object, 'type');
    switch (kind) {
      case 'Set': {
        const element = this.#read(member(object, 'element'), [...path, 'element'], level + 1);
        return { type: { kind: 'set', element: element.type }, depth: element.depth + 1 };
      }
      case 'Record':
        return this.#readRecord(object, path, level);
      case 'Entity':
        return { type: this.#readReference(member(object, 'name'), [...path, 'name']), depth: 1 };
      case 'Extension':
        return { type: extension(member(object, 'name'), [...path, 'name']), depth: 1 };
      case 'EntityOrCommon':
        return this.#readName(member(object, 'name'), [...path, 'name'], level);
      default:
        return this.#readName(kind, [...path, 'type'], level);
    }
  }

  #readRecord(
    object: Readonly<Record<string, unknown>>,
    path: InputPath,
    level: number,
  ): { type: CedarType; depth: number } {
    if (member(object, 'additionalAttributes') === true) {
      throw new CedarInputError('malformed', 'open records are not supported', path);
    }
    let depth = 0;
    const at = [...path, 'attributes'];
    const members = Object.entries(objectAt(member(object, 'attributes'), at));
    const attributes = members.map(([name, json]) => {
      const attribute = this.#read(json, [...at, name], level + 1);
      depth = Math.max(depth, attribute.depth);
      const isRequired = member(objectAt(json, [...at, name]), 'required') !== false;
      return { name, type: attribute.type, isRequired };
    });
    return { type: { kind: 'record', attributes }, depth: depth + 1 };
  }

  #readName(name: unknown, path: InputPath, level: number): { type: CedarType; depth: number } {
    if (typeof name !== 'string') {
      throw new CedarInputError('malformed', 'a type has a name here', path);
    }
    if (this.#names.commonTypes.has(name)) return this.#readCommon(name, path, level);
    if (this.#names.entityTypes.has(name)) {
      return { type: this.#readReference(name, path), depth: 1 };
    }
    const builtin = BUILTIN.get(name.startsWith(CEDAR) ? name.slice(CEDAR.length) : name);
    if (builtin !== undefined) return { type: builtin, depth: 1 };
    throw new CedarInputError('undeclared', `the schema declares no type ${name}`, path);
  }

  #readCommon(name: string, path: InputPath, level: number): { type: CedarType; depth: number } {
    const known = this.#common.get(name);
    if (known === 'being read') {
      throw new CedarInputError('cycle', `the common type ${name} is defined by itself`, path);
    }
    if (known !== undefined) {
      if (level + known.depth > MAX_DEPTH) throw tooDeep(path);
      return known;
    }
    const definition = this.#names.commonTypes.get(name);
    this.#common.set(name, 'being read');
    const read = this.#read(definition?.json, definition?.path ?? path, level + 1);
    this.#common.set(name, read);
    return read;
  }

  #readReference(entityType: unknown, path: InputPath): CedarType {
    if (typeof entityType !== 'string') throw undeclared(path);
    const ids = this.#names.enumerations.get(entityType);
    if (ids !== undefined) return { kind: 'entity', entityType, ids };
    if (this.#names.entityTypes.has(entityType)) return { kind: 'entity', entityType };
    throw undeclared(path);
  }
}

function extension(name: unknown, path: InputPath): CedarType {
  const type = typeof name === 'string' ? BUILTIN.get(name) : undefined;
  if (type?.kind === 'extension') return type;
  throw new CedarInputError('undeclared', 'Cedar has no such extension type', path);
}

function undeclared(path: InputPath): CedarInputError {
  return new CedarInputError('undeclared', 'the schema declares no such entity type', path);
}

function tooDeep(path: InputPath): CedarInputError {
  return new CedarInputError('too-deep', `types are nested deeper than ${MAX_DEPTH}`, path);
}
