import { importJWK, SignJWT } from 'jose';
import type { JsonObject } from '@proofline/kernel';
import type { IssuedGrant } from '../commands/issue-grant.ts';
import type { SessionsContext } from '../context.ts';
import type { Act } from '../exchange/act-chain.ts';
import { consoleClientId } from './clients.ts';

/** To whom it is given: to the console, unless a program acts. */
interface Holder {
  readonly clientId: string;
  /** What the token is bound to (RFC 7800 §3). */
  readonly cnf: JsonObject;
  readonly act?: Act;
}

/** The grant as a key-bound JWT access token (RFC 9068) for one audience alone. */
export async function signGrant(
  context: SessionsContext,
  grant: IssuedGrant,
  { clientId, cnf, act }: Holder = { clientId: consoleClientId, cnf: { jkt: grant.jkt } },
): Promise<string> {
  const [key] = context.keys.good();
  if (!key) throw new Error('no key can sign');
  return new SignJWT({
    client_id: clientId,
    sid: grant.sessionId,
    grant_id: grant.grantId,
    authorization_details: grant.authorizationDetails,
    cnf,
    ...(act && { act }),
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
