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
  #index: ElementIndex | undefined;
  #sorted: readonly Value[] | undefined;

  /** The elements must be distinct already; see `makeSet`. */
  constructor(elements: readonly Value[]) {
    super();
    this.elements = elements;
  }

  /** Whether an element equals this; what makes it quick in a large set is made when it is asked for. */
  has(value: Value): boolean {
    if (isComposite(value)) return isAmong(value, this.sorted());
    const { elements } = this;
    if (elements.length > FEW) return (this.#index ??= new ElementIndex(elements)).has(value);
    if (typeof value !== 'object') return elements.includes(value);
    return elements.some((element) => valuesEqual(element, value));
  }

  /** The elements in the order of `compare`. */
  sorted(): readonly Value[] {
    return (this.#sorted ??= this.elements.toSorted(compare));
  }
}

/** A value of an extension type (`decimal`, `ipaddr`, `datetime`, `duration`); equal by content. */
export abstract class ExtensionValue extends Tagged {
  abstract equals(other: ExtensionValue): boolean;
  /** A text that two values share exactly when they are equal, also of two types. */
  abstract key(): string;
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

/** So many elements are looked through one by one. */
const FEW = 16;

/** A set of these elements, each once. */
export function makeSet(elements: readonly Value[]): CedarSet {
  const repeated = repeatedComposites(elements);
  const index = elements.length > FEW ? new ElementIndex() : undefined;
  const distinct: Value[] = [];
  const isKnown = (element: Value, at: number): boolean => {
    if (isComposite(element)) return repeated.has(at);
    if (index !== undefined) return !index.add(element);
    return distinct.some((other) => valuesEqual(other, element));
  };
  elements.forEach((element, at) => {
    if (!isKnown(element, at)) distinct.push(element);
  });
  return new CedarSet(distinct);
}

/** Whether a set has this element. */
export function setHas(set: CedarSet, value: Value): boolean {
  return set.has(value);
}

function setsEqual(left: CedarSet, right: CedarSet): boolean {
  return (
    left.elements.length === right.elements.length &&
    left.elements.every((element) => right.has(element))
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

/** Sets and records: what has values inside. */
function isComposite(value: Value): value is CedarSet | CedarRecord {
  return (
    typeof value === 'object' && !(value instanceof EntityUid) && !(value instanceof ExtensionValue)
  );
}

/** The values of a set that are no composites, for lookup. */
class ElementIndex {
  readonly #primitives = new Set<Value>();
  readonly #ids = new Map<string, Set<string>>();
  readonly #keys = new Set<string>();

  constructor(elements: readonly Value[] = []) {
    for (const element of elements) if (!isComposite(element)) this.add(element);
  }

  /** Answers whether it was new. */
  add(value: Value): boolean {
    if (this.has(value)) return false;
    if (value instanceof EntityUid) {
      const ids = this.#ids.get(value.type) ?? new Set();
      this.#ids.set(value.type, ids.add(value.id));
    } else if (value instanceof ExtensionValue) {
      this.#keys.add(value.key());
    } else {
      this.#primitives.add(value);
    }
    return true;
  }

  has(value: Value): boolean {
    if (value instanceof EntityUid) return this.#ids.get(value.type)?.has(value.id) ?? false;
    if (value instanceof ExtensionValue) return this.#keys.has(value.key());
    return this.#primitives.has(value);
  }
}

// Composites are told apart by sorting them: comparing each with each would take hours for what a
// request of a few megabytes can hold, and a hash could be made to collide.

/** Where composites stand that equal one before them. */
function repeatedComposites(elements: readonly Value[]): ReadonlySet<number> {
  const repeated = new Set<number>();
  const found = elements.flatMap((value, at) => (isComposite(value) ? [{ value, at }] : []));
  if (found.length < 2) return repeated;
  found.sort((one, other) => compare(one.value, other.value) || one.at - other.at);
  found.forEach(({ value, at }, index) => {
    const before = found[index - 1];
    if (before !== undefined && compare(before.value, value) === 0) repeated.add(at);
  });
  return repeated;
}

/** Whether a value is among these, which are in order. */
function isAmong(value: Value, sorted: readonly Value[]): boolean {
  let [low, high] = [0, sorted.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const element = sorted[middle];
    const result = element === undefined ? 0 : compare(element, value);
    if (result === 0) return element !== undefined;
    if (result < 0) low = middle + 1;
    else high = middle - 1;
  }
  return false;
}

/** An order of all values, which means nothing but that it is one: 0 exactly for equal values. */
function compare(left: Value, right: Value): number {
  if (left === right) return 0;
  const difference = rankOf(left) - rankOf(right);
  if (difference !== 0) return difference;
  if (typeof left === 'object' && typeof right === 'object') return compareObjects(left, right);
  return left < right ? -1 : 1;
}

type ObjectValue = Value & object;

/** Of two that have the same rank. */
function compareObjects(left: ObjectValue, right: ObjectValue): number {
  if (left instanceof EntityUid && right instanceof EntityUid) {
    return order(left.type, right.type) || order(left.id, right.id);
  }
  if (left instanceof ExtensionValue && right instanceof ExtensionValue) {
    return order(left.key(), right.key());
  }
  if (left instanceof CedarSet && right instanceof CedarSet) {
    return compareLists(left.sorted(), right.sorted());
  }
  return isRecord(left) && isRecord(right) ? compareRecords(left, right) : 0;
}

function rankOf(value: Value): number {
  if (typeof value === 'boolean') return 0;
  if (typeof value === 'string') return 2;
  if (typeof value !== 'object') return 1;
  if (value instanceof EntityUid) return 3;
  if (value instanceof ExtensionValue) return 4;
  return value instanceof CedarSet ? 5 : 6;
}

function order(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function compareLists(left: readonly Value[], right: readonly Value[]): number {
  if (left.length !== right.length) return left.length - right.length;
  for (const [index, one] of left.entries()) {
    const other = right[index];
    const result = other === undefined ? 0 : compare(one, other);
    if (result !== 0) return result;
  }
  return 0;
}

const sortedNames = new WeakMap<CedarRecord, readonly string[]>();

function namesOf(record: CedarRecord): readonly string[] {
  let names = sortedNames.get(record);
  if (names === undefined) sortedNames.set(record, (names = present(record).sort()));
  return names;
}

function compareRecords(left: CedarRecord, right: CedarRecord): number {
  const [names, others] = [namesOf(left), namesOf(right)];
  const result = compareLists(names, others);
  if (result !== 0) return result;
  for (const name of names) {
    const [one, other] = [left[name], right[name]];
    const difference = one === undefined || other === undefined ? 0 : compare(one, other);
    if (difference !== 0) return difference;
  }
  return 0;
}
