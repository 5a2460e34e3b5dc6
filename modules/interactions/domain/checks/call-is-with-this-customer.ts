import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** Whoever was proved on this call stays its customer: a code of somebody else is refused. */
export const callIsWithThisCustomer: Check<AskFacts> = {
  problem: 'proof.other-customer',
  refusal: ({ proved, customer }) =>
    proved && proved.customerId !== customer?.customerId ? 'other-customer' : undefined,
};
