import type { Check } from '../check.ts';
import { ASKS_PER_HOUR_MAX, type AskFacts } from '../proof-facts.ts';

/** Three requests an hour reach a customer, whoever asks (fatigue, cross-device BCP). */
export const customerAskedSparingly: Check<AskFacts> = {
  problem: 'proof.too-many',
  refusal: ({ customer }) =>
    customer && customer.asksWithinHour >= ASKS_PER_HOUR_MAX ? 'too-many' : undefined,
};
