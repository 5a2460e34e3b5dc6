import { importJWK, SignJWT } from 'jose';
import type { IssuedGrant } from '../commands/issue-grant.ts';
import type { SessionsContext } from '../context.ts';
import { consoleClientId } from './clients.ts';

/** The grant as a DPoP-bound JWT access token (RFC 9068) for one audience alone. */
export async function signGrant(context: SessionsContext, grant: IssuedGrant): Promise<string> {
  const [key] = context.keys.good();
  if (!key) throw new Error('no key can sign');
  return new SignJWT({
    client_id: consoleClientId,
    sid: grant.sessionId,
    grant_id: grant.grantId,
    authorization_details: grant.authorizationDetails,
    cnf: { jkt: grant.jkt },
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: key.kid })
    .setIssuer(`${context.staffOrigin}/oidc`)
    .setAudience(grant.audience)
    .setSubject(grant.subjectId)
    .setJti(grant.grantId)
    .setIssuedAt(Math.floor(grant.issuedAtMs / 1000))
    .setExpirationTime(Math.floor(grant.expiresAtMs / 1000))
    .sign(await importJWK(key, 'ES256'));
}
