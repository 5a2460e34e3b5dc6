import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** There is such an account. */
export const customerIsKnown: Check<AskFacts> = {
  problem: 'access.denied',
  refusal: ({ customer }) => (customer ? undefined : 'unknown-account'),
};
