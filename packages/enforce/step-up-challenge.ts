import type { Remedy } from '@proofline/protocol';

/**
 * The RFC 9470 §3 challenge for a decision's remedies, as the value of `WWW-Authenticate`.
 *
 * `undefined` unless the agent's own fresh proof is all that is missing: any other remedy cannot be
 * had by signing in again, and a challenge would send the agent in a circle.
 */
export function stepUpChallenge(remedies: readonly Remedy[]): string | undefined {
  const [remedy] = remedies;
  if (remedies.length !== 1 || remedy?.kind !== 'agent.step-up') return undefined;
  return (
    'DPoP error="insufficient_user_authentication", ' +
    'error_description="A fresh proof by the signed-in person is needed", ' +
    `acr_values="${remedy.acr}", max_age="${remedy.maxAgeSeconds}"`
  );
}
