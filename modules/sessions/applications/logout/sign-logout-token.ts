import { bytesToBase64url, isId, type Id } from '@proofline/kernel';
import { importJWK, SignJWT } from 'jose';
import type { SessionsContext } from '../../context.ts';
import { pairwiseName } from '../../consents/domain/pairwise-name.ts';
import { findApplication } from '../store/application-rows.ts';

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
  loggedOut: LoggedOut,
): Promise<string> {
  const [key] = context.keys.good();
  if (!key) throw new Error('no key can sign');
  const { sid, sub } = await namesFor(context, loggedOut);
  const issuedAt = Math.floor(context.clock.now() / 1000);
  return new SignJWT({ sid, events: { [LOGOUT_EVENT]: {} } })
    .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt', kid: key.kid })
    .setIssuer(context.issuer)
    .setAudience(loggedOut.applicationId)
    .setSubject(sub)
    .setJti(bytesToBase64url(context.random.bytes(16)))
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + GOOD_SECONDS)
    .sign(await importJWK(key, 'ES256'));
}

/** Customers, and their sessions, have another name at every application; colleagues have one. */
async function namesFor(
  context: SessionsContext,
  { applicationId, sessionId, subjectId }: LoggedOut,
): Promise<{ readonly sid: string; readonly sub: string }> {
  const { realm, storage, tenant } = context;
  if (realm === 'workforce') return { sid: sessionId, sub: subjectId };
  const application = await findApplication(storage.db, tenant, applicationId);
  if (!application || !isId('cus', subjectId)) throw new Error('nobody is to be told of this');
  const nameOf = (id: Id<'cus'> | Id<'ses'>) => pairwiseName(context, application, id);
  return { sid: nameOf(sessionId), sub: nameOf(subjectId) };
}
