import type { Check } from '../check.ts';
import type { OpenFacts } from '../proof-facts.ts';

/**
 * The customer types what the agent reads out: the page and the call belong together. One wrong
 * number ends the request, so that nobody tries all hundred.
 */
export const numberMatches: Check<OpenFacts> = {
  problem: 'proof.number-wrong',
  refusal: ({ matchingNumber, numberGiven }) =>
    matchingNumber !== null && numberGiven === matchingNumber ? undefined : 'number-wrong',
};
