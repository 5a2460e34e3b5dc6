import type { Check } from '../check.ts';
import type { AnswerFacts } from '../proof-facts.ts';

/** Whoever was proved on this call stays its customer, also when two requests crossed. */
export const proofIsByTheCallsCustomer: Check<AnswerFacts> = {
  problem: 'ceremony.refused',
  refusal: ({ provedCustomer, askedCustomer }) =>
    provedCustomer !== undefined && provedCustomer !== askedCustomer ? 'other-customer' : undefined,
};
