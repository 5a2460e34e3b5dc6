import { findEntityReference } from '../entities/read-entity-uid.ts';
import type { InputPath } from '../input-error.ts';
import { EntityUid, type CedarRecord, type Value } from '../values/value.ts';
import { convertRecord } from './convert-by-type.ts';
import { extensionParsers } from './extension-parsers.ts';
import { countElements, MAX_VALUES } from '../values/count-elements.ts';
import { makeDistinctSet, MAX_SET_ELEMENTS } from '../values/make-distinct-set.ts';
import { recordPrototype } from '../values/record-prototype.ts';
import type { AttributeType, CedarType, RecordType, SetType } from './schema.ts';

/** Reads a record of one type from JSON; throws a `CedarInputError` with a path below `path`. */
export type RecordReader = (json: unknown, path: InputPath) => CedarRecord;

/** Reads what is usual, and leaves the rest, also what is wrong, to `convertByType`. */
type Converter = (json: unknown) => Value | undefined;

/** What generated code reaches besides its argument. */
interface Surroundings {
  readonly EntityUid: typeof EntityUid;
  readonly recordPrototype: object;
  readonly findEntityReference: typeof findEntityReference;
  readonly extensionParsers: typeof extensionParsers;
  readonly makeDistinctSet: typeof makeDistinctSet;
  readonly budget: typeof budget;
  readonly converters: Converter[];
  readonly ids: ReadonlySet<string>[];
}

/** With more attributes than this, the generated function would be too long to be worth it. */
const MAX_ATTRIBUTES = 500;

/** How many elements the sets of the input being read may still have; records have their schema. */
const budget = { elements: 0 };

const readers = new WeakMap<RecordType, RecordReader>();
const converters = new WeakMap<CedarType, Converter>();

/**
 * The reader of a record type, made once. It is generated as JavaScript, since it stands on the path
 * of every request: one straight function for each record type, which makes objects of one hidden
 * class with every declared attribute. Where code may not be generated, it reads without.
 */
export function generateConverter(type: RecordType): RecordReader {
  const known = readers.get(type);
  if (known !== undefined) return known;
  const convert = converterOf(type);
  const reader: RecordReader = (json, path) => {
    budget.elements = MAX_VALUES;
    // A converter of a record type gives a record.
    const record = convert(json) as CedarRecord | undefined;
    if (record !== undefined) return record;
    countElements(json, path);
    return convertRecord(json, type, path);
  };
  readers.set(type, reader);
  return reader;
}

function converterOf(type: RecordType | SetType): Converter {
  const known = converters.get(type);
  if (known !== undefined) return known;
  const surroundings: Surroundings = {
    EntityUid,
    recordPrototype,
    findEntityReference,
    extensionParsers,
    makeDistinctSet,
    budget,
    converters: [],
    ids: [],
  };
  const converter = compile(
    type.kind === 'set' ? writeSet(type, surroundings) : writeRecord(type, surroundings),
    surroundings,
  );
  converters.set(type, converter);
  return converter;
}

function compile(source: string | undefined, surroundings: Surroundings): Converter {
  if (source === undefined) return () => undefined;
  try {
    // The source holds nothing of a request: names of the schema as string literals, and numbers.
    // oxlint-disable-next-line no-new-func, typescript/no-implied-eval
    const make = new Function(...Object.keys(surroundings), `'use strict';\n${source}`) as (
      ...values: unknown[]
    ) => Converter; // What `source` ends with.
    return make(...(Object.values(surroundings) as unknown[]));
  } catch (error) {
    // A host may forbid it (`--disallow-code-generation-from-strings`).
    if (error instanceof EvalError) return () => undefined;
    throw error;
  }
}

function writeRecord(type: RecordType, surroundings: Surroundings): string | undefined {
  if (type.attributes.length > MAX_ATTRIBUTES) return undefined;
  const values = type.attributes.map((_, index) => `v${index}`);
  return `
function Shape(${values.join(', ')}) {
${type.attributes.map(({ name }, index) => `  this[${text(name)}] = v${index};`).join('\n')}
}
Shape.prototype = recordPrototype;
return function (json) {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  let left = 0;
  for (const name in json) left += 1;
${type.attributes.map((attribute, index) => writeAttribute(attribute, index, surroundings)).join('\n')}
  return left === 0 ? new Shape(${values.join(', ')}) : undefined;
};`;
}

function writeAttribute(
  attribute: AttributeType,
  index: number,
  surroundings: Surroundings,
): string {
  const name = text(attribute.name);
  const read =
    attribute.name in Object.prototype
      ? `Object.hasOwn(json, ${name}) ? json[${name}] : undefined`
      : `json[${name}]`;
  return `
  const x${index} = ${read};
  let v${index};
  if (x${index} !== undefined) {
    left -= 1;
    ${writeValue(attribute.type, `x${index}`, { target: `v${index}`, surroundings })}
  }${attribute.isRequired ? ' else return undefined;' : ''}`;
}

function writeSet(type: SetType, surroundings: Surroundings): string {
  return `
return function (json) {
  if (!Array.isArray(json) || json.length > ${MAX_SET_ELEMENTS}) return undefined;
  budget.elements -= json.length;
  if (budget.elements < 0) return undefined;
  const elements = [];
  for (let index = 0; index < json.length; index += 1) {
    const x = json[index];
    let v;
    ${writeValue(type.element, 'x', { target: 'v', surroundings })}
    elements.push(v);
  }
  return makeDistinctSet(elements);
};`;
}

/** Statements that put the value of the JSON in the variable `source` into the variable `target`. */
function writeValue(
  type: CedarType,
  source: string,
  { target, surroundings }: { target: string; surroundings: Surroundings },
): string {
  switch (type.kind) {
    case 'boolean':
      return `if (typeof ${source} !== 'boolean') return undefined; ${target} = ${source};`;
    case 'string':
      return `if (typeof ${source} !== 'string' || !${source}.isWellFormed()) return undefined;
    ${target} = ${source};`;
    case 'long':
      // Plus zero: −0 becomes 0.
      return `if (!Number.isSafeInteger(${source})) return undefined; ${target} = ${source} + 0;`;
    case 'extension':
      return `if (typeof ${source} !== 'string') return undefined;
    ${target} = extensionParsers.${type.name}(${source}); if (${target} === undefined) return undefined;`;
    case 'entity': {
      const entityType = text(type.entityType);
      let condition = `r.type !== ${entityType} || !r.id.isWellFormed()`;
      if (type.ids !== undefined) {
        condition += ` || !ids[${surroundings.ids.push(type.ids) - 1}].has(r.id)`;
      }
      return `{ const r = findEntityReference(${source});
    if (r === undefined || ${condition}) return undefined;
    ${target} = new EntityUid(${entityType}, r.id); }`;
    }
    case 'set':
    case 'record': {
      const index = surroundings.converters.push(converterOf(type)) - 1;
      return `${target} = converters[${index}](${source}); if (${target} === undefined) return undefined;`;
    }
  }
}

/** A literal of JavaScript: JSON, with the two line separators that older engines would break at. */
function text(value: string): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
