/**
 * A 64-bit integer in its one canonical form: a `number` where that is exact (±(2^53 − 1)), else a
 * `bigint`. So `===` compares two of them, `<` works across both, and common values cost nothing.
 */
export type Long = number | bigint;

/**
 * Values that are neither a primitive nor a record. Records are plain objects, whose attribute names
 * are the policy writer's, so that only the prototype can tell the rest apart.
 */
// oxlint-disable-next-line typescript/no-extraneous-class
export abstract class Tagged {}

/** A reference to an entity: a qualified type name (`Proofline::Staff`) and an id. */
export class EntityUid extends Tagged {
  readonly type: string;
  readonly id: string;
  constructor(type: string, id: string) {
    super();
    this.type = type;
    this.id = id;
  }
}

/** A set: no two elements equal. */
export class CedarSet extends Tagged {
  readonly elements: readonly Value[];
  /** The elements must be distinct already; see `makeSet`. */
  constructor(elements: readonly Value[]) {
    super();
    this.elements = elements;
  }
}

/** A value of an extension type (`decimal`, `ipaddr`, `datetime`, `duration`); equal by content. */
export abstract class ExtensionValue extends Tagged {
  abstract equals(other: ExtensionValue): boolean;
}

/** A record: an absent attribute reads as `undefined`, also one named as a member of `Object`. */
export interface CedarRecord {
  readonly [attribute: string]: Value | undefined;
}

/** A value of the Cedar language. */
export type Value = boolean | Long | string | EntityUid | CedarSet | ExtensionValue | CedarRecord;

const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;

/** The canonical form of an integer, or `undefined` where it does not fit into 64 bits. */
export function toLong(value: bigint): Long | undefined {
  if (value < LONG_MIN || value > LONG_MAX) return undefined;
  const narrow = Number(value);
  return Number.isSafeInteger(narrow) ? narrow : value;
}

/** Whether a value is a record; whatever else is an object is {@link Tagged}. */
export function isRecord(value: Value): value is CedarRecord {
  return typeof value === 'object' && !(value instanceof Tagged);
}

/** Cedar's `==`: values of different types are unequal, never an error. */
export function valuesEqual(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left instanceof EntityUid) {
    return right instanceof EntityUid && left.id === right.id && left.type === right.type;
  }
  if (left instanceof CedarSet) {
    return right instanceof CedarSet && setsEqual(left, right);
  }
  if (left instanceof ExtensionValue) {
    return right instanceof ExtensionValue && left.equals(right);
  }
  return isRecord(left) && isRecord(right) && recordsEqual(left, right);
}

/** A set of these elements, each once. */
export function makeSet(elements: readonly Value[]): CedarSet {
  const distinct: Value[] = [];
  const primitives = new Set<Value>();
  for (const element of elements) {
    if (typeof element === 'object') {
      if (!distinct.some((other) => valuesEqual(other, element))) distinct.push(element);
    } else if (!primitives.has(element)) {
      primitives.add(element);
      distinct.push(element);
    }
  }
  return new CedarSet(distinct);
}

/** Whether a set has this element. */
export function setHas(set: CedarSet, value: Value): boolean {
  return typeof value === 'object'
    ? set.elements.some((element) => valuesEqual(element, value))
    : set.elements.includes(value);
}

function setsEqual(left: CedarSet, right: CedarSet): boolean {
  return (
    left.elements.length === right.elements.length &&
    left.elements.every((element) => setHas(right, element))
  );
}

function recordsEqual(left: CedarRecord, right: CedarRecord): boolean {
  const names = present(left);
  return (
    names.length === present(right).length &&
    names.every((name) => {
      const [one, other] = [left[name], right[name]];
      return one !== undefined && other !== undefined && valuesEqual(one, other);
    })
  );
}

function present(record: CedarRecord): string[] {
  return Object.keys(record).filter((name) => record[name] !== undefined);
}
