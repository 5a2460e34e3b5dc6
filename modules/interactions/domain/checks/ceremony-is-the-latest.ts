import type { Check } from '../check.ts';
import type { AnswerFacts } from '../proof-facts.ts';

/** The answer belongs to the last prompt that was handed out, after the number was right. */
export const ceremonyIsTheLatest: Check<AnswerFacts> = {
  problem: 'ceremony.expired',
  refusal: ({ ceremonyIssued, ceremonyGiven }) =>
    ceremonyIssued !== null && ceremonyGiven === ceremonyIssued ? undefined : 'ceremony-unknown',
};
