import type { AssertionResult } from '@proofline/assurance';
import type { Id, Json } from '@proofline/kernel';
import type { CeremonyOptions, OwnAct } from '@proofline/protocol';
import type { CustomerCredential } from '../types.ts';
import type { OwnCaller } from './own-set.ts';

/** A change with the genuine proof of one of the customer's own passkeys. */
export interface ProvedAct {
  readonly caller: OwnCaller;
  readonly act: OwnAct;
  readonly prover: CustomerCredential;
  readonly result: AssertionResult;
  /** What was signed and by which key: whoever doubts it verifies it again, without us. */
  readonly proof: Readonly<Record<string, Json>>;
}

/** What a change that is done leaves to be done after its commit. */
export interface Committed {
  readonly evidenceId?: Id<'evt'>;
  readonly registration?: CeremonyOptions;
  readonly afterwards?: () => void;
}
