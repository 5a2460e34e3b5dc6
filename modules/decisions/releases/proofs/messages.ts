import type { ReleaseText } from '@proofline/policy';
import type { Invariant } from '@proofline/policy-prover';
import type { CandidateProof } from '@proofline/protocol';

/** What a thread that proves is started with. */
export interface ProofJob {
  readonly text: ReleaseText;
  readonly invariants: readonly Invariant[];
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
