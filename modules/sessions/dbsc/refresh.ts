import { cookieValues, isId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { refuseUse } from '../commands/refuse-use.ts';
import type { SessionsContext } from '../context.ts';
import { findLiveRow } from '../find-live.ts';
import { sessionCookieName } from '../oidc/session-cookie-name.ts';
import { openedFor } from './checks/challenge.ts';
import type { DbscContext } from './context.ts';
import type { ProofExchange } from './exchange.ts';
import type { Outcome } from './outcome.ts';
import { findBoundByCookies, findDeviceKey } from './store/device-key-rows.ts';
import { beginExchange, firstBroken } from './table.ts';
import { useOnce } from './use-once.ts';

interface Asked extends Pick<ProofExchange, 'url'> {
  /** Of `Sec-Secure-Session-Id`. */
  readonly sessionId: string;
  /** Of `Secure-Session-Response`. */
  readonly given: string | undefined;
  /** The `Cookie` header. */
  readonly cookie: string | undefined;
}

/**
 * Shows the key again. The session’s idle clock runs on: a browser refreshes with nobody at it. Whoever
 * answers no fresh challenge of ours gets one, whatever session they name, and leaves nothing: only the
 * key of a session tells what became of it (P9).
 */
export async function refresh(dbsc: DbscContext, asked: Asked): Promise<Outcome> {
  const { sessions: context } = dbsc;
  const { sessionId, given, url } = asked;
  if (!isId('ses', sessionId)) return { kind: 'refused' };
  if (given === undefined) return { kind: 'challenged', sessionId };
  const { clock, cookieKeys: keys } = context;
  const bound = await findDeviceKey(context.storage.db, context.tenant, sessionId);
  const exchange = beginExchange({ given, url, nowMs: clock.now(), keys, bound });
  const broken = await firstBroken('refresh', exchange);
  // Late, another’s or none: browsers come with an old one where two refreshes cross (§5).
  const challenge = openedFor('refresh', exchange);
  if (challenge?.sessionId !== sessionId) return { kind: 'challenged', sessionId };
  if (broken !== undefined) {
    await noteRefusal(context, asked, sessionId);
    return { kind: 'refused' };
  }
  if (!(await findLiveRow(context, { session_id: sessionId }))) return { kind: 'ended' };
  return { kind: (await useOnce(dbsc, challenge)) ? 'bound' : 'challenged', sessionId };
}

/** Somebody has the session’s cookie and not its key. Without the cookie it was nobody’s use of it. */
async function noteRefusal(
  context: SessionsContext,
  { cookie }: Asked,
  sessionId: Id<'ses'>,
): Promise<void> {
  const { staffOrigin, storage, tenant } = context;
  const hashes = cookieValues(cookie, sessionCookieName(staffOrigin)).map(sha256Base64url);
  if (hashes.length !== 1) return;
  const opened = await findBoundByCookies(storage.db, tenant, hashes);
  if (!opened.some((one) => one.session_id === sessionId)) return;
  const row = await findLiveRow(context, { session_id: sessionId });
  if (row) await refuseUse(context, row, 'device-key');
}
