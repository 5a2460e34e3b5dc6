import type { Check } from '../check.ts';
import type { RequestFacts } from '../proof-facts.ts';

/** A late answer is none, even before the sweep has come by. */
export const requestIsInTime: Check<RequestFacts> = {
  problem: 'proof.closed',
  refusal: ({ request, nowMs }) => (nowMs < request.expiresAt.getTime() ? undefined : 'expired'),
};
