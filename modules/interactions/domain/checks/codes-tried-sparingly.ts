import type { Check } from '../check.ts';
import { WRONG_CODES_PER_CALL_MAX, type AskFacts } from '../proof-facts.ts';

/** A code has six digits: it is not to be found by trying. */
export const codesTriedSparingly: Check<AskFacts> = {
  problem: 'request.too-many',
  refusal: ({ call }) =>
    call && call.wrongCodes < WRONG_CODES_PER_CALL_MAX ? undefined : 'too-many-wrong-codes',
};
