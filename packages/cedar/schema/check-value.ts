import { CedarInputError, type InputPath } from '../input-error.ts';
import { CedarSet, EntityUid, isRecord, type CedarRecord, type Value } from '../values/value.ts';
import { extensionClasses } from './extension-parsers.ts';
import type { CedarType, RecordType } from './schema.ts';

/** Throws a `CedarInputError` where a value is not of this type. */
export function checkValue(value: Value, type: CedarType, path: InputPath): void {
  if (!isOfKind(value, type)) throw mismatch(type, path);
  if (type.kind === 'set' && value instanceof CedarSet) {
    for (const [index, element] of value.elements.entries()) {
      checkValue(element, type.element, [...path, index]);
    }
  } else if (type.kind === 'record' && isRecord(value)) {
    checkRecord(value, type, path);
  } else if (type.kind === 'entity' && value instanceof EntityUid) {
    if (type.ids?.has(value.id) === false) {
      const message = `the enumeration ${type.entityType} has no such id`;
      throw new CedarInputError('not-in-enum', message, path);
    }
  }
}

/** Whether a value is of a type, what is inside of it aside. */
function isOfKind(value: Value, type: CedarType): boolean {
  switch (type.kind) {
    case 'set':
      return value instanceof CedarSet;
    case 'record':
      return isRecord(value);
    case 'entity':
      return value instanceof EntityUid && value.type === type.entityType;
    case 'extension':
      return value instanceof extensionClasses[type.name];
    case 'long':
      return typeof value === 'number' || typeof value === 'bigint';
    case 'boolean':
    case 'string':
      return typeof value === type.kind;
  }
}

/** Throws a `CedarInputError` where a record lacks a required attribute or has an undeclared one. */
export function checkRecord(record: CedarRecord, type: RecordType, path: InputPath): void {
  const left = new Map(Object.entries(record).filter(([, value]) => value !== undefined));
  for (const { name, type: expected, isRequired } of type.attributes) {
    const value = left.get(name);
    if (value !== undefined) {
      left.delete(name);
      checkValue(value, expected, [...path, name]);
    } else if (isRequired) {
      throw new CedarInputError('attribute-missing', 'the schema requires this', [...path, name]);
    }
  }
  for (const name of left.keys()) {
    const message = 'the schema declares no such attribute';
    throw new CedarInputError('attribute-undeclared', message, [...path, name]);
  }
}

/** A type in words, for an error. */
export function describeType(type: CedarType): string {
  switch (type.kind) {
    case 'entity':
      return `a reference to an entity of type ${type.entityType}`;
    case 'extension':
      return `a value of type ${type.name}`;
    case 'long':
      return 'a whole number';
    case 'boolean':
    case 'string':
    case 'set':
    case 'record':
      return `a ${type.kind}`;
  }
}

function mismatch(type: CedarType, path: InputPath): CedarInputError {
  return new CedarInputError('wrong-type', `the schema asks for ${describeType(type)} here`, path);
}
