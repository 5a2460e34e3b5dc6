import type { Check } from '../check.ts';
import type { AnswerFacts } from '../proof-facts.ts';

/**
 * The passkey signed SHA-256 of this request's context, on our origin, with user verification, and
 * every other check of WebAuthn L3 §7.2 holds. The word is the ceremony's own.
 */
export const assertionIsOverContext: Check<AnswerFacts> = {
  problem: 'ceremony.refused',
  refusal: ({ assertion }) =>
    assertion === undefined || assertion.ok ? undefined : assertion.error.code,
};
