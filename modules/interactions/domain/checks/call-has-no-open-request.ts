import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** One question at a time: a second click, or a second purpose, waits for the first answer. */
export const callHasNoOpenRequest: Check<AskFacts> = {
  problem: 'proof.pending',
  refusal: ({ callHasOpenRequest }) => (callHasOpenRequest ? 'second-request' : undefined),
};
