import { NotEncodable } from '../not-encodable.ts';
import { and, choose, FALSE, implies, not, or, same, TRUE, type Term } from '../smt/term.ts';
import {
  isScalar,
  sameType,
  setSortOf,
  type ListedSet,
  type ScalarType,
  type SetOf,
  type SymbolicMember,
  type SymbolicRecord,
  type SymbolicValue,
} from './symbolic-value.ts';

/** Either form of a set. */
export type SymbolicSet = ListedSet | SetOf;

/** Cedar's `==`: values of different types are unequal, never an error. */
export function equal(left: SymbolicValue, right: SymbolicValue): Term {
  if (left.kind === 'opaque') throw new NotEncodable(left.what);
  if (right.kind === 'opaque') throw new NotEncodable(right.what);
  if (isScalar(left)) {
    return isScalar(right) && sameType(left, right) ? same(left.term, right.term) : FALSE;
  }
  if (isSet(left)) return isSet(right) ? equalSets(left, right) : FALSE;
  if (left.kind === 'record') return right.kind === 'record' ? equalRecords(left, right) : FALSE;
  if (right.kind !== 'ipaddr') return FALSE;
  return and(
    same(left.isVersion6, right.isVersion6),
    same(left.bits, right.bits),
    same(left.prefix, right.prefix),
  );
}

/** Whether a value is a set. */
export function isSet(value: SymbolicValue): value is SymbolicSet {
  return value.kind === 'listed' || value.kind === 'set-of';
}

/** `set.contains(value)`. */
export function contains(set: SymbolicSet, value: SymbolicValue): Term {
  if (set.kind === 'listed') return or(...set.elements.map((element) => equal(element, value)));
  if (!isScalar(value) || !sameType(set.element, value)) return FALSE;
  return `(select ${set.term} ${value.term})`;
}

/** `whole.containsAll(part)`. */
export function containsAll(whole: SymbolicSet, part: SymbolicSet): Term {
  if (part.kind === 'listed') {
    return and(...part.elements.map((element) => contains(whole, element)));
  }
  const term = arrayOf(whole, part.element);
  return same(`((_ map and) ${term} ${part.term})`, part.term);
}

/** `left.containsAny(right)`. */
export function containsAny(left: SymbolicSet, right: SymbolicSet): Term {
  if (right.kind === 'listed') {
    return or(...right.elements.map((element) => contains(left, element)));
  }
  if (left.kind === 'listed') return containsAny(right, left);
  if (!sameType(left.element, right.element)) return FALSE;
  return not(same(`((_ map and) ${left.term} ${right.term})`, noneOf(left.element)));
}

/** `set.isEmpty()`. */
export function isEmpty(set: SymbolicSet): Term {
  if (set.kind === 'set-of') return same(set.term, noneOf(set.element));
  return set.elements.length === 0 ? TRUE : FALSE;
}

function equalSets(left: SymbolicSet, right: SymbolicSet): Term {
  if (left.kind === 'set-of' && right.kind === 'set-of') {
    if (sameType(left.element, right.element)) return same(left.term, right.term);
    return and(isEmpty(left), isEmpty(right));
  }
  return and(containsAll(left, right), containsAll(right, left));
}

/** The elements of this type as an array; what is of another type cannot be in a set of this one. */
function arrayOf(set: SymbolicSet, element: ScalarType): Term {
  if (set.kind === 'set-of') return sameType(set.element, element) ? set.term : noneOf(element);
  return set.elements
    .filter((one) => isScalar(one) && sameType(one, element))
    .reduce(
      (term, one) => (isScalar(one) ? `(store ${term} ${one.term} true)` : term),
      noneOf(element),
    );
}

function noneOf(element: ScalarType): Term {
  return `((as const ${setSortOf(element)}) false)`;
}

function equalRecords(left: SymbolicRecord, right: SymbolicRecord): Term {
  const names = new Set([...left.members.keys(), ...right.members.keys()]);
  return and(
    ...Array.from(names, (name) => equalMembers(left.members.get(name), right.members.get(name))),
  );
}

function equalMembers(left?: SymbolicMember, right?: SymbolicMember): Term {
  if (left === undefined || right === undefined) {
    return not((left ?? right)?.isPresent ?? FALSE);
  }
  return and(
    same(left.isPresent, right.isPresent),
    implies(left.isPresent, equal(left.value, right.value)),
  );
}

/** One of two values. Their types must be one, since a term has one sort. */
export function either(
  condition: Term,
  then: SymbolicValue,
  otherwise: SymbolicValue,
): SymbolicValue {
  if (condition === TRUE) return then;
  if (condition === FALSE) return otherwise;
  if (isScalar(then) && isScalar(otherwise) && sameType(then, otherwise)) {
    return { ...then, term: choose(condition, then.term, otherwise.term) };
  }
  if (then.kind === 'ipaddr' && otherwise.kind === 'ipaddr') {
    return {
      kind: 'ipaddr',
      isVersion6: choose(condition, then.isVersion6, otherwise.isVersion6),
      bits: choose(condition, then.bits, otherwise.bits),
      prefix: choose(condition, then.prefix, otherwise.prefix),
    };
  }
  if (then.kind === 'record' && otherwise.kind === 'record') {
    return eitherRecord(condition, then, otherwise);
  }
  if (isSet(then) && isSet(otherwise)) return eitherSet(condition, then, otherwise);
  throw new NotEncodable('an ‘if’ whose branches are of different types');
}

function eitherRecord(
  condition: Term,
  then: SymbolicRecord,
  otherwise: SymbolicRecord,
): SymbolicRecord {
  const names = new Set([...then.members.keys(), ...otherwise.members.keys()]);
  const member = (name: string): SymbolicMember => {
    const left = then.members.get(name);
    const right = otherwise.members.get(name);
    const isPresent = choose(condition, left?.isPresent ?? FALSE, right?.isPresent ?? FALSE);
    if (left && right) return { isPresent, value: either(condition, left.value, right.value) };
    // One of the two is there, since the name is.
    return { isPresent, value: (left ?? right)!.value };
  };
  return { kind: 'record', members: new Map(Array.from(names, (name) => [name, member(name)])) };
}

function eitherSet(condition: Term, then: SymbolicSet, otherwise: SymbolicSet): SetOf {
  const [first] = [then, otherwise].flatMap((set) =>
    set.kind === 'set-of' ? [set.element] : set.elements.filter(isScalar),
  );
  const isOfOneType = (set: SymbolicSet) =>
    set.kind === 'set-of'
      ? first !== undefined && sameType(set.element, first)
      : set.elements.every((one) => isScalar(one) && first !== undefined && sameType(one, first));
  if (first === undefined || !isOfOneType(then) || !isOfOneType(otherwise)) {
    throw new NotEncodable('an ‘if’ between sets of such elements');
  }
  return {
    kind: 'set-of',
    element: first,
    term: choose(condition, arrayOf(then, first), arrayOf(otherwise, first)),
  };
}
