import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/**
 * Whoever was proved on this call stays its customer. Compares what the agent typed with what the
 * agent sees already, never with the directory: the refusal tells nothing about a third account.
 */
export const callIsWithThisAccount: Check<AskFacts> = {
  problem: 'proof.other-customer',
  refusal: ({ proved, accountNumber }) =>
    proved && proved.accountNumber !== accountNumber ? 'other-customer' : undefined,
};
