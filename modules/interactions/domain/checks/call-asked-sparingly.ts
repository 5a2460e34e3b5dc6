import type { Check } from '../check.ts';
import { ASKS_PER_CALL_MAX, type AskFacts } from '../proof-facts.ts';

/** Nobody goes through a list of account numbers on one call (bulk, cross-device BCP). */
export const callAskedSparingly: Check<AskFacts> = {
  problem: 'request.too-many',
  refusal: ({ asksOnThisCall }) =>
    asksOnThisCall < ASKS_PER_CALL_MAX ? undefined : 'too-many-on-call',
};
