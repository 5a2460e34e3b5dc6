import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** A contact is on file; a number given on the call is never used. */
export const customerIsReachable: Check<AskFacts> = {
  problem: 'access.denied',
  refusal: ({ customer }) => (customer?.hasContact ? undefined : 'no-contact'),
};
