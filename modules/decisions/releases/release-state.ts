import type { Invariant } from '@proofline/policy';
import { createShadow, type Shadow } from './commands/shadow-decisions.ts';
import { createProofBench, type ProofBench } from './proofs/proof-bench.ts';
import { createGoingBackState, type GoingBackState } from './domain/going-back-state.ts';
import { createReleaseSigner, type ReleaseSigner } from './domain/release-signer.ts';

/** What this process knows about releases besides the one in force. */
export interface ReleaseState {
  readonly signer: ReleaseSigner;
  /** Why a stored release was not taken, in a sentence; the last good one stays in force. */
  fault: string | undefined;
  readonly shadow: Shadow;
  readonly proofs: ProofBench;
  readonly goingBack: GoingBackState;
  /** What holds where the live release is from before releases had invariants. */
  folderInvariants: readonly Invariant[];
}

/** @throws RangeError when there is no key to sign releases with */
export function createReleaseState(deps: {
  readonly policySeeds: readonly Uint8Array[];
}): ReleaseState {
  return {
    signer: createReleaseSigner(deps.policySeeds),
    fault: undefined,
    shadow: createShadow(),
    proofs: createProofBench(),
    goingBack: createGoingBackState(),
    folderInvariants: [],
  };
}
