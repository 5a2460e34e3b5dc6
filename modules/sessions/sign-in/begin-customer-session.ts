import { bytesToBase64url, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Db } from '@proofline/storage';
import { endSessionRow } from '../commands/end-session.ts';
import { raiseSession } from '../commands/raise-session.ts';
import { startSession } from '../commands/start-session.ts';
import type { SessionsContext } from '../context.ts';
import { findOpenRow, whyRowOver } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import type { CustomerLogin } from '../types.ts';

/** Where a customer answers: the page, and what their browser has brought. */
export interface CustomerBrowser {
  readonly uid: string;
  /** Of the browser’s session at the issuer, if it has one. */
  readonly oidcUid: string | undefined;
  /** SHA-256 of the cookie of the own page, if there is one. */
  readonly cookieHash: string | undefined;
}

/** The session in which the customer is signed in from now on, and what ended for it. */
export interface BegunSession {
  readonly sessionId: Id<'ses'>;
  readonly evidenceId: Id<'evt'>;
  readonly cookieSecret: string;
  readonly ended: readonly SessionRow[];
}

/**
 * The one session of this browser: at the own page and at the issuer it is the same one, and ends in both
 * together. It is raised if it is this customer’s; any other one that the browser brings ends.
 */
export async function beginCustomerSession(
  context: SessionsContext,
  tx: Db,
  { browser, login }: { readonly browser: CustomerBrowser; readonly login: CustomerLogin },
): Promise<BegunSession> {
  const brought = await sessionsOf(context, tx, browser);
  const nowMs = context.clock.now();
  const kept = brought.find(
    (row) =>
      row.subject_id === login.customerId &&
      whyRowOver(row, nowMs) === undefined &&
      (row.oidc_uid === null || row.oidc_uid === browser.oidcUid),
  );
  const ended = brought.filter((row) => row !== kept);
  for (const row of ended) {
    const isOther = row.subject_id !== login.customerId;
    const because = whyRowOver(row, nowMs) ?? (isOther ? 'another-subject' : 'signed-in-anew');
    await endSessionRow(context, tx, { row, because, keepOidcSession: true });
  }
  const cookieSecret = bytesToBase64url(context.random.bytes(32));
  const cookieHash = sha256Base64url(cookieSecret);
  const begun = kept
    ? await raise(context, tx, { kept, login, cookieHash, uid: browser.uid })
    : await startSession(context, tx, {
        ...login,
        realm: 'customers',
        subjectId: login.customerId,
        interactionUid: browser.uid,
        cookieHash,
      });
  return { ...begun, cookieSecret, ended };
}

async function sessionsOf(
  { tenant }: SessionsContext,
  tx: Db,
  { cookieHash, oidcUid }: CustomerBrowser,
): Promise<SessionRow[]> {
  const rows = [
    oidcUid === undefined ? undefined : await findOpenRow(tx, tenant, { oidc_uid: oidcUid }),
    cookieHash === undefined
      ? undefined
      : await findOpenRow(tx, tenant, { cookie_hash: cookieHash }),
  ].filter((row) => row?.realm === 'customers');
  // Most often it is one row, found twice.
  return [...new Map(rows.flatMap((row) => (row ? [[row.session_id, row]] : []))).values()];
}

async function raise(
  context: SessionsContext,
  tx: Db,
  of: {
    readonly kept: SessionRow;
    readonly login: CustomerLogin;
    readonly cookieHash: string;
    readonly uid: string;
  },
) {
  const { cookieHash, kept, login, uid } = of;
  const evidenceId = await raiseSession(context, tx, { row: kept, login, mode: kept.mode });
  await tablesOf(tx)
    .updateTable('sessions')
    // One that began at the own page is bound to the issuer’s session when the browser comes back there.
    .set({ cookie_hash: cookieHash, ...(kept.oidc_uid === null && { interaction_uid: uid }) })
    .where('tenant', '=', context.tenant)
    .where('session_id', '=', kept.session_id)
    .execute();
  return { sessionId: kept.session_id, evidenceId };
}
