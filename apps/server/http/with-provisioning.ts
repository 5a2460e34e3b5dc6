import type { Provisioning } from '@proofline/workforce';
import type { CallerAuthenticator } from './authenticator.ts';

const SCIM = '/scim/v2/';

/**
 * The ways to prove who calls, and one more below `/scim/v2`: the bearer token of a directory, since
 * Entra and Okta can send no proof of possession. Nowhere else is such a token looked at.
 */
export function withProvisioning(
  authenticate: CallerAuthenticator,
  provisioning: Pick<Provisioning, 'prove'>,
): CallerAuthenticator {
  return {
    ...authenticate,
    service: (facts) =>
      /^bearer /i.test(facts.authorization ?? '') && new URL(facts.url).pathname.startsWith(SCIM)
        ? provisioning.prove(facts.authorization)
        : authenticate.service(facts),
  };
}
