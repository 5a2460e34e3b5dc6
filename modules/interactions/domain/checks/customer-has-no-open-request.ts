import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** One open request per customer, whoever asks: a second prompt only teaches to say yes. */
export const customerHasNoOpenRequest: Check<AskFacts> = {
  problem: 'proof.pending',
  refusal: ({ customer }) => (customer?.hasOpenRequest ? 'asked-elsewhere' : undefined),
};
