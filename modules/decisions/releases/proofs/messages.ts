import type { ReleaseText } from '@proofline/policy';
import type { Invariant } from '@proofline/policy-prover';
import type { CandidateProof } from '@proofline/protocol';

/** What a thread that proves is started with. */
export interface ProofJob {
  readonly text: ReleaseText;
  readonly invariants: readonly Invariant[];
}

/** What came of it. */
export type ProofResult = Pick<CandidateProof, 'holding' | 'broken' | 'undecided'>;
