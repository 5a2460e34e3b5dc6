import type { Invariant } from '@proofline/policy';

/** A set of policies that is to be proved. */
export interface Provable {
  /** As it is stored, with its own invariants. What counts is this very text. */
  readonly text: string;
  /** Further invariants that must hold. */
  readonly also: readonly Invariant[];
}
