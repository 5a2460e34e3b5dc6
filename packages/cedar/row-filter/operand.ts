import type { Value } from '../values/value.ts';
import type { Reference } from './column-tree.ts';
import { FALSE, TRUE, type Predicate } from './predicate.ts';
import { RowFilterError } from './row-filter-error.ts';
import type { Truth } from './truth.ts';

/** What an expression is, seen from SQL. */
export type Operand =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'column'; readonly reference: Reference }
  | { readonly kind: 'truth'; readonly truth: Truth }
  /** A record that is in the rows. */
  | { readonly kind: 'record'; readonly present: Predicate; readonly missing: Predicate };

/** For which rows an operand cannot be computed. */
export function errsOf(operand: Operand): Predicate {
  if (operand.kind === 'column') return operand.reference.missing;
  if (operand.kind === 'truth') return operand.truth.errs;
  return operand.kind === 'record' ? operand.missing : FALSE;
}

/**
 * For which rows an operand can be computed, to be joined with the other’s; of a Boolean it is “holds
 * or fails”.
 */
export function hasValue(operand: Operand): readonly Predicate[] {
  if (operand.kind === 'column') return [operand.reference.present];
  if (operand.kind === 'truth') return [operand.truth.holds, operand.truth.fails];
  return [operand.kind === 'record' ? operand.present : TRUE];
}

/** The error for what is not translated, by what it is. */
export function notExpressible(what: string): RowFilterError {
  return new RowFilterError('not-expressible', `no filter can be made of ${what} over a row`);
}
