import type { CedarType } from '@proofline/cedar';
import { TEXT, type Script } from '../smt/script.ts';
import { BITS, type Term } from '../smt/term.ts';

/** A Cedar value that is not known: its type is, and a term stands for what is open. */
export type SymbolicValue = Scalar | Address | ListedSet | SetOf | SymbolicRecord | Opaque;

/** A value that one term stands for. */
export type Scalar = ScalarType & { readonly term: Term };

/** The types of {@link Scalar}: numbers of all kinds are 64 bits, an entity is its id. */
export type ScalarType =
  | { readonly kind: 'boolean' | 'long' | 'string' }
  | { readonly kind: 'decimal' | 'datetime' | 'duration' }
  | { readonly kind: 'entity'; readonly entityType: string };

/** An IP address: its bits stand at the left of 128, also those of version 4. */
export interface Address {
  readonly kind: 'ipaddr';
  readonly isVersion6: Term;
  readonly bits: Term;
  readonly prefix: Term;
}

/** A set whose elements a policy lists. They may be equal, and of different types. */
export interface ListedSet {
  readonly kind: 'listed';
  readonly elements: readonly SymbolicValue[];
}

/** A set of unknown elements, all of one type: an array from elements to whether they are in it. */
export interface SetOf {
  readonly kind: 'set-of';
  readonly element: ScalarType;
  readonly term: Term;
}

/** A set that has no encoding. Nothing is lost as long as no policy looks at it. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly what: string;
}

/** A record, whose members are there or not. */
export interface SymbolicRecord {
  readonly kind: 'record';
  readonly members: ReadonlyMap<string, SymbolicMember>;
}

/** A member of a record; `value` means something only where `isPresent` holds. */
export interface SymbolicMember {
  readonly isPresent: Term;
  readonly value: SymbolicValue;
}

/** An entity of a known type. */
export type SymbolicEntity = Extract<Scalar, { kind: 'entity' }>;

/** What an expression comes to: its value where `isOk` holds, else an error. No value: always one. */
export interface Encoded {
  readonly isOk: Term;
  readonly value?: SymbolicValue;
}

/** The sort of the terms of a scalar type. */
export function sortOf({ kind }: ScalarType): string {
  if (kind === 'boolean') return 'Bool';
  return kind === 'string' || kind === 'entity' ? TEXT : BITS;
}

/** The sort of a set of such. */
export function setSortOf(element: ScalarType): string {
  return `(Array ${sortOf(element)} Bool)`;
}

/** The same for a type of the schema; `undefined` for a record, a set or an IP address. */
export function scalarTypeOf(type: CedarType): ScalarType | undefined {
  switch (type.kind) {
    case 'boolean':
    case 'long':
    case 'string':
      return { kind: type.kind };
    case 'entity':
      return { kind: 'entity', entityType: type.entityType };
    case 'extension':
      return type.name === 'ipaddr' ? undefined : { kind: type.name };
    case 'set':
    case 'record':
      return undefined;
  }
}

/** Whether one term stands for the whole value. */
export function isScalar(value: SymbolicValue): value is Scalar {
  return !['ipaddr', 'listed', 'set-of', 'record', 'opaque'].includes(value.kind);
}

/** Whether two scalars have one type. */
export function sameType(left: ScalarType, right: ScalarType): boolean {
  if (left.kind !== right.kind) return false;
  return left.kind !== 'entity' || right.kind !== 'entity' || left.entityType === right.entityType;
}

/** The same value with short terms. */
export function shortened(value: SymbolicValue, script: Script): SymbolicValue {
  if (isScalar(value)) return { ...value, term: script.define(value.term, sortOf(value)) };
  if (value.kind !== 'set-of') return value;
  return { ...value, term: script.define(value.term, setSortOf(value.element)) };
}
