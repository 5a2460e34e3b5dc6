import type { Frame } from '../authorize/frame.ts';
import { compareValues } from '../values/compare.ts';
import { extensionFunctions } from '../values/extension-functions.ts';
import { evaluationErrors, type EvaluationErrorCode } from '../evaluation-error.ts';
import { makeRecord } from '../values/record-prototype.ts';
import {
  CedarSet,
  EntityUid,
  isRecord,
  makeSet,
  setHas,
  toLong,
  valuesEqual,
  type CedarRecord,
  type Long,
  type Value,
} from '../values/value.ts';

// What compiled policies call. Each checks the types that Cedar's evaluator checks.

const nothing: CedarRecord = makeRecord([]);

/** The operand of `!`, `&&`, `||`, `if` and of a clause. */
function asBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw evaluationErrors.type;
}

/** The operand of `like` and of tags. */
function asString(value: Value): string {
  if (typeof value === 'string') return value;
  throw evaluationErrors.type;
}

function asSet(value: Value): CedarSet {
  if (value instanceof CedarSet) return value;
  throw evaluationErrors.type;
}

function asEntity(value: Value): EntityUid {
  if (value instanceof EntityUid) return value;
  throw evaluationErrors.type;
}

/** What `value.name` reads from: a record, or the attributes of an entity that must exist. */
function recordOf(frame: Frame, value: Value): CedarRecord {
  if (isRecord(value)) return value;
  const entity = frame.find(asEntity(value));
  if (entity === undefined) throw evaluationErrors['entity-missing'];
  return entity.attributes;
}

/** What `value has name` looks at: an entity that does not exist has nothing. */
function membersOf(frame: Frame, value: Value): CedarRecord {
  if (isRecord(value)) return value;
  return frame.find(asEntity(value))?.attributes ?? nothing;
}

/** An attribute whose name `Object.prototype` has too. */
function ownMember(record: CedarRecord, name: string): Value | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Throws from within an expression, where `throw` itself cannot stand. */
function fail(code: EvaluationErrorCode): never {
  throw evaluationErrors[code];
}

/** `left in right`, where right is an entity or a set of them. */
function isIn(frame: Frame, left: Value, right: Value): boolean {
  const uid = asEntity(left);
  if (right instanceof EntityUid) return isBelow(frame, uid, right);
  const { elements } = asSet(right);
  // Each must be an entity, also behind the one that matches.
  for (const element of elements) asEntity(element);
  return elements.some((element) => isBelow(frame, uid, asEntity(element)));
}

function isBelow(frame: Frame, uid: EntityUid, above: EntityUid): boolean {
  if (uid.id === above.id && uid.type === above.type) return true;
  const entity = frame.find(uid);
  return entity !== undefined && entity.isBelow(above);
}

/** `value is type`. */
function isOfType(value: Value, type: string): boolean {
  return asEntity(value).type === type;
}

/** `value == uid` for a uid that the policy names. */
function isEntity(value: Value, uid: EntityUid): boolean {
  return value instanceof EntityUid && value.id === uid.id && value.type === uid.type;
}

/** `entity.hasTag(name)`. */
function hasTag(frame: Frame, value: Value, name: Value): boolean {
  const uid = asEntity(value);
  const tag = asString(name);
  const entity = frame.find(uid);
  return entity !== undefined && ownMember(entity.tags, tag) !== undefined;
}

/** `entity.getTag(name)`. */
function getTag(frame: Frame, value: Value, name: Value): Value {
  const uid = asEntity(value);
  const tag = asString(name);
  const entity = frame.find(uid);
  if (entity === undefined) throw evaluationErrors['entity-missing'];
  const found = ownMember(entity.tags, tag);
  if (found === undefined) throw evaluationErrors['tag-missing'];
  return found;
}

/** `set.contains(value)`. */
function contains(set: Value, value: Value): boolean {
  return setHas(asSet(set), value);
}

/** `set.containsAll(other)`. */
function containsAll(set: Value, other: Value): boolean {
  const whole = asSet(set);
  return asSet(other).elements.every((element) => setHas(whole, element));
}

/** `set.containsAny(other)`. */
function containsAny(set: Value, other: Value): boolean {
  const whole = asSet(set);
  return asSet(other).elements.some((element) => setHas(whole, element));
}

/** `set.isEmpty()`. */
function isEmpty(set: Value): boolean {
  return asSet(set).elements.length === 0;
}

/** `left + right`. */
function add(left: Value, right: Value): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return fitted(asBigInt(left) + asBigInt(right));
}

/** `left - right`. */
function subtract(left: Value, right: Value): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return fitted(asBigInt(left) - asBigInt(right));
}

/** `left * right`. Of two exact numbers the product is exact, or it is not a safe integer. */
function multiply(left: Value, right: Value): Long {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right;
    // `+ 0` turns −0, which no integer is, into 0.
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return fitted(asBigInt(left) * asBigInt(right));
}

/** `-value`. */
function negate(value: Value): Long {
  return typeof value === 'number' ? 0 - value : fitted(-asBigInt(value));
}

function asBigInt(value: Value): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(value);
  throw evaluationErrors.type;
}

function fitted(value: bigint): Long {
  const long = toLong(value);
  if (long === undefined) throw evaluationErrors.overflow;
  return long;
}

/** A function or method of an extension type. */
function callExtension(name: string, args: readonly Value[]): Value {
  const known = extensionFunctions.get(name);
  if (known === undefined || known.arity !== args.length) throw evaluationErrors.type;
  return known.call(args);
}

/** `left < right`. */
function isLess(left: Value, right: Value): boolean {
  return typeof left === 'number' && typeof right === 'number'
    ? left < right
    : compareValues(left, right) < 0;
}

/** `left <= right`. */
function isLessOrEqual(left: Value, right: Value): boolean {
  return typeof left === 'number' && typeof right === 'number'
    ? left <= right
    : compareValues(left, right) <= 0;
}

/** `left > right`. */
function isGreater(left: Value, right: Value): boolean {
  return !isLessOrEqual(left, right);
}

/** `left >= right`. */
function isGreaterOrEqual(left: Value, right: Value): boolean {
  return !isLess(left, right);
}

/** One plain object, whose members are quick to reach. */
export const operations = {
  add,
  asBool,
  asString,
  callExtension,
  contains,
  containsAll,
  containsAny,
  fail,
  getTag,
  hasTag,
  isEmpty,
  isEntity,
  isGreater,
  isGreaterOrEqual,
  isIn,
  isLess,
  isLessOrEqual,
  isOfType,
  makeRecord,
  makeSet,
  membersOf,
  multiply,
  negate,
  ownMember,
  recordOf,
  subtract,
  valuesEqual,
} as const;
