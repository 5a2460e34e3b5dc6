import { bytesToBase64url, type Id } from '@proofline/kernel';
import { importJWK, SignJWT } from 'jose';
import type { SessionsContext } from '../../context.ts';

const LOGOUT_EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const GOOD_SECONDS = 120;

interface LoggedOut {
  readonly applicationId: Id<'app'>;
  readonly sessionId: Id<'ses'>;
  readonly subjectId: string;
}

/** A logout token (OpenID Connect Back-Channel Logout 1.0 §2.4): no nonce, so that it is never an ID token. */
export async function signLogoutToken(
  context: SessionsContext,
  { applicationId, sessionId, subjectId }: LoggedOut,
): Promise<string> {
  const [key] = context.keys.good();
  if (!key) throw new Error('no key can sign');
  const issuedAt = Math.floor(context.clock.now() / 1000);
  return new SignJWT({ sid: sessionId, events: { [LOGOUT_EVENT]: {} } })
    .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', kid: key.kid })
    .setIssuer(`${context.staffOrigin}/oidc`)
    .setAudience(applicationId)
    .setSubject(subjectId)
    .setJti(bytesToBase64url(context.random.bytes(16)))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + GOOD_SECONDS)
    .sign(await importJWK(key, 'ES256'));
}
