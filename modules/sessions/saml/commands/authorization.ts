import { bytesToBase64url } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { UnsecuredJWT } from 'jose';
import { samlClientId } from '../../oidc/clients.ts';
import type { SamlContext } from '../saml-context.ts';
import type { PendingSignIn } from './pending-sign-in.ts';

/** As long as the issuer's own sign-in page stands. */
export const signInTtlSeconds = 10 * 60;
const pushTtlSeconds = 60;

/** The cookie that ties the way back to the browser of the way there. */
export const cookieOf = (id: string): string => `saml-${id}`;

/** Where the issuer sends the browser back to. */
export const continueUrl = (staffOrigin: string): string => `${staffOrigin}/saml/continue`;

/** As the OpenID provider reads demands: `ForceAuthn` is a proof now, by whoever is signed in. */
function demandsOf({ acr, maxAgeSeconds, provedAfterSeconds }: PendingSignIn) {
  const maxAge = provedAfterSeconds === undefined ? maxAgeSeconds : 0;
  return {
    ...(acr && { acr_values: acr }),
    ...(maxAge === undefined ? {} : { max_age: String(maxAge) }),
  };
}

/**
 * Pushes an authorization request of our own client (RFC 9126) within the process, and answers where the
 * browser goes on. The verifier of its code is known to nobody: the code is taken here and nowhere else.
 */
export async function pushAuthorization(
  context: SamlContext,
  push: { readonly id: string; readonly pending: PendingSignIn; readonly isPassive: boolean },
): Promise<string> {
  const { provider, clock, staffOrigin } = context;
  const issuer = `${staffOrigin}/oidc`;
  const nowSeconds = Math.floor(clock.now() / 1000);
  const request = new UnsecuredJWT({
    client_id: samlClientId,
    response_type: 'code',
    redirect_uri: continueUrl(staffOrigin),
    scope: 'openid',
    state: push.id,
    nonce: push.pending.nonce,
    code_challenge: sha256Base64url(bytesToBase64url(context.random.bytes(32))),
    code_challenge_method: 'S256',
    ...demandsOf(push.pending),
    ...(push.isPassive && { prompt: 'none' }),
  })
    .setExpirationTime(nowSeconds + pushTtlSeconds)
    .setIssuer(samlClientId)
    .setAudience(issuer)
    .encode();
  const pushed = new provider.PushedAuthorizationRequest({ request });
  const id = await pushed.save(pushTtlSeconds);
  const query = new URLSearchParams({
    client_id: samlClientId,
    request_uri: `urn:ietf:params:oauth:request_uri:${id}`,
  });
  return `${issuer}/auth?${query}`;
}
