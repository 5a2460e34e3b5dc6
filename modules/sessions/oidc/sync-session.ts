import { isId } from '@proofline/kernel';
import { Acr, type AssuranceTimes } from '@proofline/protocol';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { offerBinding } from '../dbsc/offer-binding.ts';
import { satisfiesAcr, stateAssurance, type AssuranceStatement } from '../domain/levels.ts';
import { findLiveRow } from '../find-live.ts';
import { findOpenRow, isRowLocked, keyOfUid, levelsOf, whyRowOver } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import { demandOf } from './application-client.ts';

type OidcSession = NonNullable<KoaContextWithOIDC['oidc']['session']>;

/** After a sign-in, the session that it started is bound to the browser's OIDC session. */
async function bindAfterSignIn(
  context: SessionsContext,
  ctx: KoaContextWithOIDC,
): Promise<SessionRow | undefined> {
  const { session, result, entities } = ctx.oidc;
  const uid = entities.Interaction?.uid;
  if (!result?.login || !session || uid === undefined) return undefined;
  return tablesOf(context.storage.db)
    .updateTable('sessions')
    .set({ oidc_uid: session.uid })
    .where('tenant', '=', context.tenant)
    .where('realm', '=', context.realm)
    .where('interaction_uid', '=', uid)
    .where('oidc_uid', 'is', null)
    .where('ended_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Nobody is signed in any more: the library's own check then asks for a login. */
function signOut(session: OidcSession): void {
  delete session.accountId;
  delete session.acr;
  delete session.amr;
  delete session.loginTs;
  session.authorizations = {};
}

function freshStatement(
  levels: AssuranceTimes,
  acr: Acr,
  acrValues: readonly string[],
): AssuranceStatement | undefined {
  const authTime = levels[acr];
  return authTime !== undefined && satisfiesAcr(acr, acrValues) ? { acr, authTime } : undefined;
}

/**
 * Writes what our levels say about this very request into the OIDC session. The library keeps one
 * `acr` for the last login; ours are one time per level. When no level answers the request, nothing
 * is stated, and a login is asked for; in a locked session nothing is, whatever the request.
 */
async function stateFor(
  context: SessionsContext,
  ctx: KoaContextWithOIDC,
  row: SessionRow,
): Promise<void> {
  const { session, params, result } = ctx.oidc;
  if (!session) return;
  const levels = levelsOf(row);
  const fresh = Acr.safeParse(result?.login?.acr).data;
  const demand = await demandOf(context, params ?? {});
  const nowMs = context.clock.now();
  // Whoever comes back from the page has just proved themselves: that login is the answer, however
  // long the way back took. Otherwise the levels answer, if they can.
  const statement = fresh
    ? freshStatement(levels, fresh, demand.acrValues)
    : isRowLocked(row, nowMs)
      ? undefined
      : stateAssurance(levels, demand, Math.floor(nowMs / 1000));
  session.acr = statement?.acr;
  session.loginTs = statement?.authTime ?? 0;
  // Written by this module as an array of names.
  session.amr = JSON.parse(row.amr) as string[];
}

/** The session of somebody of this realm behind an OIDC session, in which something may be done now. */
export async function findSubjectSession(
  context: SessionsContext,
  oidcUid: string,
  subjectId: string,
): Promise<SessionRow | undefined> {
  const live = await findLiveRow(context, keyOfUid(oidcUid));
  const row = await ifTheirs(context, live, subjectId);
  return row && isRowLocked(row, context.clock.now()) ? undefined : row;
}

interface OfCode {
  readonly oidcUid: string;
  readonly subjectId: string;
}

/** Of each request: the session that it was for, once it was looked for. */
const found = new WeakMap<
  KoaContextWithOIDC,
  OfCode & { readonly row: Promise<SessionRow | undefined> }
>();

/**
 * {@link findSubjectSession} behind a code or token that a request has brought. The library asks for the
 * account and then for its claims: both are of one look, and the next request looks anew.
 */
export function findSessionOfCode(
  context: SessionsContext,
  ctx: KoaContextWithOIDC,
  of: OfCode,
): Promise<SessionRow | undefined> {
  const before = found.get(ctx);
  if (before?.oidcUid === of.oidcUid && before.subjectId === of.subjectId) return before.row;
  const row = findSubjectSession(context, of.oidcUid, of.subjectId);
  found.set(ctx, { ...of, row });
  return row;
}

async function ifTheirs(
  context: SessionsContext,
  row: SessionRow | undefined,
  subjectId: string,
): Promise<SessionRow | undefined> {
  if (!row || row.subject_id !== subjectId || row.realm !== context.realm) return undefined;
  return (await stands(context, subjectId)) ? row : undefined;
}

/** Whether there is such a person in this realm, who may be signed in. */
async function stands({ peers, realm }: SessionsContext, subjectId: string): Promise<boolean> {
  if (realm === 'customers')
    return isId('cus', subjectId) && (await peers().findCustomer(subjectId)) !== undefined;
  return isId('stf', subjectId) && (await peers().findStaff(subjectId))?.active === true;
}

/** Asks the browser in which a passkey has just answered to bind the session to its device. */
async function offerTo(
  context: SessionsContext,
  ctx: KoaContextWithOIDC,
  row: SessionRow,
): Promise<void> {
  const offer = await offerBinding(context, row);
  if (offer !== undefined) ctx.set('secure-session-registration', offer);
}

/**
 * A session past its limits ends with the first request that comes too late, here as at the API. Left open
 * it would stand before the one that is begun next in this browser.
 */
async function findOrEnd(
  context: SessionsContext,
  oidcUid: string,
): Promise<SessionRow | undefined> {
  const row = await findOpenRow(context.storage.byKey, context.tenant, { oidc_uid: oidcUid });
  const because = row && whyRowOver(row, context.clock.now());
  if (!row || because === undefined) return row;
  await endSession(context, row.session_id, { because, keepOidcSession: true });
  return undefined;
}

/** At the authorization endpoint: who is signed in here, by our own reckoning. */
export async function syncSession(
  context: SessionsContext,
  ctx: KoaContextWithOIDC,
  subjectId: string,
): Promise<SessionRow | undefined> {
  const { session } = ctx.oidc;
  if (!session) return undefined;
  const before = await findOrEnd(context, session.uid);
  const begun = await bindAfterSignIn(context, ctx);
  // A locked one stays signed in: it is its own subject who is asked to unlock it.
  const row = await ifTheirs(context, begun ?? before, subjectId);
  if (row) {
    await stateFor(context, ctx, row);
    if (ctx.oidc.result?.login && context.realm === 'workforce') await offerTo(context, ctx, row);
  } else signOut(session);
  return row;
}
