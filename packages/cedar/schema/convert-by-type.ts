import { findEntityReference } from '../entities/read-entity-uid.ts';
import { CedarInputError, type CedarInputErrorCode, type InputPath } from '../input-error.ts';
import { readValue } from '../values/read-value.ts';
import { EntityUid, toLong, type CedarRecord, type Value } from '../values/value.ts';
import { callWithTypes, type ExtensionCall } from './call-with-types.ts';
import { checkValue, describeType } from './check-value.ts';
import { extensionParsers } from './extension-parsers.ts';
import { makeDistinctSet, MAX_SET_ELEMENTS } from '../values/make-distinct-set.ts';
import { makeRecord } from '../values/record-prototype.ts';
import type { CedarType, EntityReferenceType, ExtensionName, RecordType } from './schema.ts';

/**
 * Reads a value of this type from JSON as Cedar does with a schema: references and extension values
 * need no escape. Throws a `CedarInputError` that says where it is not of the type.
 */
export function convertByType(json: unknown, type: CedarType, path: InputPath): Value {
  if (json === null) throw refuse('malformed', '“null” is no value in Cedar', path);
  switch (type.kind) {
    case 'entity':
      return convertReference(json, type, path);
    case 'extension':
      return convertExtension(json, type.name, path);
    case 'set':
      if (!Array.isArray(json)) throw mismatch(type, path);
      if (json.length > MAX_SET_ELEMENTS) throw refuse('too-large', 'the set is too large', path);
      return makeDistinctSet(
        json.map((element, index) => convertByType(element, type.element, [...path, index])),
      );
    case 'record':
      return convertRecord(json, type, path);
    case 'boolean':
    case 'long':
    case 'string':
      return convertPrimitive(json, type, path);
  }
}

/** Reads a record of this type from JSON: every attribute required is there, and no undeclared. */
export function convertRecord(json: unknown, type: RecordType, path: InputPath): CedarRecord {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw mismatch(type, path);
  const given = new Map<string, unknown>(
    // A member that is `undefined` is not there, as `JSON.stringify` has it.
    Object.entries(json).filter(([, value]) => value !== undefined),
  );
  const attributes = type.attributes.map(({ name, type: expected, isRequired }) => {
    const value = given.get(name);
    given.delete(name);
    if (value !== undefined) {
      return [name, convertByType(value, expected, [...path, name])] as const;
    }
    if (isRequired) throw refuse('attribute-missing', 'the schema requires this', [...path, name]);
    return [name, undefined] as const;
  });
  for (const name of given.keys()) {
    throw refuse('attribute-undeclared', 'the schema declares no such attribute', [...path, name]);
  }
  return makeRecord(attributes);
}

function convertPrimitive(json: unknown, type: CedarType, path: InputPath): Value {
  if (typeof json === 'object') {
    // Only a function of an extension type (`toMilliseconds`) can still give a primitive.
    const value = readValue(json, path);
    checkValue(value, type, path);
    return value;
  }
  if (typeof json === 'number' || typeof json === 'bigint') {
    if (type.kind !== 'long') throw mismatch(type, path);
    return convertLong(json, path);
  }
  if (typeof json !== type.kind) throw mismatch(type, path);
  if (typeof json === 'string') return wellFormed(json, path);
  return json as boolean; // The one other kind that is compared above.
}

/** Texts are Unicode, which half of a surrogate pair is not. */
function wellFormed(text: string, path: InputPath): string {
  if (text.isWellFormed()) return text;
  throw refuse('malformed', 'this text is not Unicode', path);
}

function convertLong(json: number | bigint, path: InputPath): Value {
  if (typeof json === 'number') {
    if (Number.isSafeInteger(json)) return json + 0;
    const message = Number.isInteger(json)
      ? 'the number was rounded on its way here; read the JSON without loss'
      : 'Cedar has only whole numbers';
    throw refuse('not-a-long', message, path);
  }
  const value = toLong(json);
  if (value === undefined) throw refuse('not-a-long', 'the number needs more than 64 bits', path);
  return value;
}

function convertReference(json: unknown, type: EntityReferenceType, path: InputPath): Value {
  const reference = findEntityReference(json);
  if (reference?.type !== type.entityType) throw mismatch(type, path);
  if (type.ids !== undefined && !type.ids.has(reference.id)) {
    throw refuse('not-in-enum', `the enumeration ${type.entityType} has no such id`, path);
  }
  return new EntityUid(type.entityType, wellFormed(reference.id, path));
}

function convertExtension(json: unknown, name: ExtensionName, path: InputPath): Value {
  if (typeof json === 'string') {
    const value = extensionParsers[name](json);
    if (value === undefined) throw refuse('bad-extension', `this text is no ${name}`, path);
    return value;
  }
  const type = { kind: 'extension', name } as const;
  const call = findCall(json);
  if (call === undefined) throw mismatch(type, path);
  const value = callWithTypes(call, path, convertExtension) ?? readValue({ __extn: call }, path);
  checkValue(value, type, path);
  return value;
}

/** `{fn, arg}` or `{fn, args}`, or one of them under `__extn`. */
function findCall(json: unknown): ExtensionCall | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const outer: { __expr?: unknown; __extn?: unknown } = json;
  if (typeof outer.__expr === 'string') return undefined;
  return asCall(outer.__extn) ?? asCall(json);
}

/** Cedar looks for `arg` first. */
function asCall(json: unknown): ExtensionCall | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const { fn, arg, args }: { fn?: unknown; arg?: unknown; args?: unknown } = json;
  if (typeof fn !== 'string') return undefined;
  if (arg !== undefined) return { fn, args: [arg] };
  return Array.isArray(args) ? { fn, args } : undefined;
}

function mismatch(type: CedarType, path: InputPath): CedarInputError {
  return refuse('wrong-type', `the schema asks for ${describeType(type)} here`, path);
}

function refuse(code: CedarInputErrorCode, message: string, path: InputPath): CedarInputError {
  return new CedarInputError(code, message, path);
}
