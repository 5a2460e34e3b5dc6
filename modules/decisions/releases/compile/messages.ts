import type { DecisionCase, ReleaseParts, ReleaseText } from '@proofline/policy';
import type { CaseOutcome, PolicyFault } from '@proofline/protocol';

/** A set of policies that is to be looked over. */
export interface CompileJob {
  readonly text: ReleaseText;
  /** Named cases that are decided under it. */
  readonly cases: readonly DecisionCase[];
  /** A stored set was looked through for its faults before; what is wrong with it now is one sentence. */
  readonly isStored: boolean;
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

/** A job on its way to the worker. */
export interface ToCompiler extends CompileJob {
  readonly jobId: number;
}

/** Its answer; `error` when the worker itself failed. */
export type FromCompiler =
  | { readonly jobId: number; readonly compiled: Compiled }
  | { readonly jobId: number; readonly error: string };
