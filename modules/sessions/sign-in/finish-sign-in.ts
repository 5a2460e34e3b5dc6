import type { Id } from '@proofline/kernel';
import { ProblemError, type SignInMode } from '@proofline/protocol';
import { isUniqueViolation, type Db } from '@proofline/storage';
import { endSessionRow } from '../commands/end-session.ts';
import { raiseSession } from '../commands/raise-session.ts';
import { startSession } from '../commands/start-session.ts';
import type { SessionsContext, StaffMember } from '../context.ts';
import { satisfiesAcr } from '../domain/levels.ts';
import { modelOf } from '../oidc/realm.ts';
import { findOpenRow, whyRowOver } from '../store/session-rows.ts';
import { noteConsoleKey } from '../store/session-key-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import type { Login } from '../types.ts';
import type { PendingSignIn } from './pending-sign-in.ts';

interface Asked {
  readonly pending: PendingSignIn;
  readonly login: Login;
  /** The colleague who owns the passkey, if there still is one. */
  readonly colleague: StaffMember | undefined;
}

interface SignInCheck {
  readonly name: string;
  /** What the person is told; the next step, where there is one. */
  readonly detail: string;
  holds(asked: Asked): boolean;
}

/** What an assertion must be besides genuine, in this order. */
const checks: readonly SignInCheck[] = [
  {
    name: 'same-subject',
    detail: 'Only the person who is signed in here can confirm this.',
    holds: ({ pending: { kind, subjectId }, login }) =>
      kind === 'login' || subjectId === login.subjectId,
  },
  {
    name: 'active',
    detail: 'This account is not active yet. The team lead confirms it.',
    holds: ({ colleague }) => colleague?.active === true,
  },
  {
    name: 'acr',
    detail: 'This needs a passkey that is bound to a device.',
    holds: ({ pending, login }) => satisfiesAcr(login.acr, pending.acrValues),
  },
];

async function refuse(
  context: SessionsContext,
  login: Login,
  check: SignInCheck,
): Promise<ProblemError> {
  await context.storage.transaction((tx) =>
    context.ledger.record(tx, {
      kind: 'session.refused',
      causes: [login.authenticatorEvidenceId],
      refs: { authenticatorId: login.authenticatorId },
      subjects: { actor: login.subjectId },
      facts: { because: check.name, acr: login.acr },
    }),
  );
  return new ProblemError('ceremony.refused', { detail: check.detail, internal: check.name });
}

/** oidc-provider's session stays with the browser, but nobody is signed in in it. */
export async function clearOidcSession(context: SessionsContext, oidcUid: string): Promise<void> {
  const db = tablesOf(context.storage.db);
  const row = await db
    .selectFrom('oidc_payloads')
    .select(['id_hash', 'payload'])
    .where('tenant', '=', context.tenant)
    .where('model', '=', modelOf(context.realm, 'Session'))
    .where('uid', '=', oidcUid)
    .executeTakeFirst();
  if (!row) return;
  const { accountId: _account, authorizations: _authorizations, ...rest } = row.payload;
  await db
    .updateTable('oidc_payloads')
    .set({ payload: JSON.stringify(rest) })
    .where('tenant', '=', context.tenant)
    .where('model', '=', modelOf(context.realm, 'Session'))
    .where('id_hash', '=', row.id_hash)
    .execute();
}

interface Written {
  readonly evidenceId: Id<'evt'>;
  /** Whether it is a new session, and not the same one raised. */
  readonly began: boolean;
  readonly ended?: SessionRow;
}

/**
 * The session that stood open when the page was opened.
 *
 * @throws ProblemError `signin.unknown` when the page has begun one since.
 */
async function findUnanswered(
  { tenant }: SessionsContext,
  tx: Db,
  { uid, oidcUid }: { readonly uid: string; readonly oidcUid: string },
): Promise<SessionRow | undefined> {
  const used = await tablesOf(tx)
    .selectFrom('sessions')
    .select('session_id')
    .where('tenant', '=', tenant)
    .where('interaction_uid', '=', uid)
    .executeTakeFirst();
  if (used) throw new ProblemError('signin.unknown');
  return findOpenRow(tx, tenant, { oidc_uid: oidcUid });
}

/** A passkey has answered for the key that asked: from now on the session answers for it as well. */
async function noteKey(
  { tenant }: SessionsContext,
  tx: Db,
  of: { readonly sessionId: Id<'ses'>; readonly pending: PendingSignIn },
): Promise<void> {
  const { consoleKey: thumbprint } = of.pending;
  if (thumbprint !== undefined) {
    await noteConsoleKey(tx, { tenant, sessionId: of.sessionId, thumbprint });
  }
}

/** How somebody signs in: as their desk does. Nothing that their browser says is asked (ADR 0016). */
function modeOf({ deskModes }: SessionsContext, colleague: StaffMember | undefined): SignInMode {
  const desk = colleague?.desk;
  return (desk === undefined ? undefined : deskModes?.[desk]) ?? 'personal';
}

interface SigningIn {
  readonly pending: PendingSignIn;
  readonly login: Login;
  readonly mode: SignInMode;
}

/** Starts a session, or raises the one that there is; another subject's, or one that is over, ends first. */
async function write(
  context: SessionsContext,
  tx: Db,
  { pending, login, mode }: SigningIn,
): Promise<Written> {
  const row =
    pending.oidcUid === undefined
      ? undefined
      : await findUnanswered(context, tx, { uid: pending.uid, oidcUid: pending.oidcUid });
  const over = row && whyRowOver(row, context.clock.now());
  if (row?.subject_id === login.subjectId && over === undefined) {
    await noteKey(context, tx, { sessionId: row.session_id, pending });
    return { evidenceId: await raiseSession(context, tx, { row, login, mode }), began: false };
  }
  if (row) {
    const because = over ?? 'another-subject';
    await endSessionRow(context, tx, { row, because, keepOidcSession: true });
  }
  const { evidenceId } = await startSession(context, tx, {
    realm: 'workforce',
    ...login,
    interactionUid: pending.uid,
    mode,
    consoleKey: pending.consoleKey,
  });
  return { evidenceId, began: true, ...(row ? { ended: row } : {}) };
}

/**
 * Turns a genuine assertion into a session. Resolves once the evidence is durable, with the time of
 * the login (Unix seconds) and what is left to do after the issuer has taken the result.
 *
 * @throws ProblemError `ceremony.refused` with the reason, `signin.unknown`, `evidence.unavailable`
 */
export async function finishSignIn(
  context: SessionsContext,
  pending: PendingSignIn,
  login: Login,
): Promise<{ readonly atSeconds: number; readonly afterwards: () => Promise<void> }> {
  const colleague = await context.peers().findStaff(login.subjectId);
  // In order: each says more than the one before.
  const broken = checks.find((check) => !check.holds({ pending, login, colleague }));
  if (broken) throw await refuse(context, login, broken);
  const mode = modeOf(context, colleague);
  const { evidenceId, began, ended } = await context.storage
    .transaction((tx) => write(context, tx, { pending, login, mode }))
    .catch((error: unknown) => {
      // One sign-in page, one session: a second answer to it is somebody else's, or a replay.
      if (!isUniqueViolation(error, 'sessions_by_interaction')) throw error;
      throw new ProblemError('signin.unknown');
    });
  await context.ledger.durable(evidenceId);
  return {
    atSeconds: Math.floor(context.clock.now() / 1000),
    afterwards: async () => {
      const switched = pending.subjectId !== undefined && pending.subjectId !== login.subjectId;
      if (switched && pending.oidcUid) await clearOidcSession(context, pending.oidcUid);
      if (began) context.onSessionBegun?.({ subjectId: login.subjectId });
      if (!ended) return;
      context.onSessionEnded?.({ sessionId: ended.session_id, subjectId: ended.subject_id });
    },
  };
}
