import type { WitnessKey } from '../note/cosignature.ts';
import type { VerifierKey } from '../note/verifier-key.ts';

/** A log whose checkpoints are taken. */
export interface PolicyLog {
  readonly key: VerifierKey;
  readonly url?: string;
}

/** A witness, by the name that it has in this policy and nowhere else. */
export interface PolicyWitness {
  readonly name: string;
  readonly key: WitnessKey;
  /** Where it is asked: `POST <url>/add-checkpoint`. */
  readonly url?: string;
}

/** Who must have signed: nobody, one witness, or so many members of a group. */
export type Quorum =
  | { readonly kind: 'none' }
  | { readonly kind: 'witness'; readonly name: string }
  | {
      readonly kind: 'group';
      readonly name: string;
      /** From 1 to the number of members. */
      readonly threshold: number;
      readonly members: readonly Quorum[];
    };

/** Which witnesses there are, and how many of them a checkpoint needs (C2SP tlog-policy). */
export interface WitnessPolicy {
  /** Empty: the log is known from elsewhere. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  readonly quorum: Quorum;
}

/** Bounds of a policy that somebody hands over. C2SP asks for 32 of each. */
export const policyLimits = {
  fileMaxBytes: 64 * 1024,
  logsMax: 64,
  witnessesMax: 64,
  groupsMax: 64,
} as const;
