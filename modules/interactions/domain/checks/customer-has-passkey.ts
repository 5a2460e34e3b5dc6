import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** Somebody without a passkey is not troubled with a request that they cannot answer. */
export const customerHasPasskey: Check<AskFacts> = {
  problem: 'access.denied',
  refusal: ({ customer }) => (customer?.hasPasskey ? undefined : 'no-passkey'),
};
