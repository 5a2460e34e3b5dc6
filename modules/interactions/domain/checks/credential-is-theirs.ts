import type { Check } from '../check.ts';
import type { AnswerFacts } from '../proof-facts.ts';

/** The passkey is one of the customer who was asked. */
export const credentialIsTheirs: Check<AnswerFacts> = {
  problem: 'ceremony.refused',
  refusal: ({ assertion }) => (assertion ? undefined : 'credential-not-theirs'),
};
