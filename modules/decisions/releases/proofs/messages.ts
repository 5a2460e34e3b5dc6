import type { Invariant, ReleaseText } from '@proofline/policy';
import type { CandidateProof } from '@proofline/protocol';

/** What a thread that proves is started with. */
export interface ProofJob {
  /** With its own invariants. */
  readonly text: ReleaseText;
  /** Further ones: those of the live release, whether it has them or not. */
  readonly also: readonly Invariant[];
  /** `SettledQuestions` of proofs before. */
  readonly settled: readonly string[];
}

/** What came of it. */
export type ProofResult = Pick<CandidateProof, 'holding' | 'broken' | 'undecided'>;

/** What such a thread says at its end. */
export interface ProofDone {
  readonly result: ProofResult;
  /** The same as in the job, with what it found out. */
  readonly settled: readonly string[];
}
