import type { Check } from '../check.ts';
import { ASKS_PER_HOUR_MAX, type AskFacts } from '../proof-facts.ts';

/**
 * Three requests an hour for one account number. Counts what this agent typed, whether or not the
 * account exists, so that the refusal tells nothing but what the agent did (P9).
 */
export const agentAskedSparingly: Check<AskFacts> = {
  problem: 'proof.too-many',
  refusal: ({ asksForThisAccount }) =>
    asksForThisAccount < ASKS_PER_HOUR_MAX ? undefined : 'too-many-by-agent',
};
