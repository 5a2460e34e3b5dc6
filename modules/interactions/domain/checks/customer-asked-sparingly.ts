import type { Check } from '../check.ts';
import { ASKS_PER_HOUR_MAX, type AskFacts } from '../proof-facts.ts';

/**
 * Three messages an hour reach a customer, whichever agents ask (fatigue, cross-device BCP). Says
 * nothing about requests that the customer starts: twelve call codes an hour bound those.
 */
export const customerAskedSparingly: Check<AskFacts> = {
  problem: 'proof.too-many',
  refusal: ({ customer }) =>
    customer && customer.asksWithinHour >= ASKS_PER_HOUR_MAX ? 'too-many' : undefined,
};
