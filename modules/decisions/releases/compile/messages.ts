import type { DecisionCase, Invariant, ReleaseParts, ReleaseText } from '@proofline/policy';
import type { CaseOutcome, PolicyFault } from '@proofline/protocol';

/** A set of policies that is to be looked over. */
export interface CompileJob {
  readonly text: ReleaseText;
  /** Named cases that are decided under it. */
  readonly cases: readonly DecisionCase[];
  /** A stored set was looked through for its faults before; what is wrong with it now is one sentence. */
  readonly isStored: boolean;
  /** Invariants that take the place of its own: those of today, when one goes back. */
  readonly heldTo?: readonly Invariant[];
}

/** What came of it: plain data, since it crosses from one thread to another. */
export type Compiled =
  | { readonly faults: readonly PolicyFault[]; readonly parts?: undefined }
  | {
      readonly faults: readonly [];
      readonly parts: ReleaseParts;
      readonly outcome: CaseOutcome;
      /** What nobody could do any more under it. */
      readonly lockOut: readonly PolicyFault[];
    };

/** What comes of a job; `error` when the worker itself failed, and `isOver` when it is gone. */
export type FromCompiler =
  | { readonly compiled: Compiled; readonly heapBytes: number }
  | { readonly error: string; readonly isOver: boolean };
