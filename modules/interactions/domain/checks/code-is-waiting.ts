import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** Unknown, expired, claimed before, and of another tenant look the same. */
export const codeIsWaiting: Check<AskFacts> = {
  problem: 'proof.code-wrong',
  refusal: (facts) => (facts.codeIsWaiting ? undefined : 'code-wrong'),
};
