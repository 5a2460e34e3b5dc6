import { newId, type Id } from '@proofline/kernel';
import type { Acr, Realm, SignInMode } from '@proofline/protocol';
import { insertOf, insertRows, type Db } from '@proofline/storage';
import type { EvidenceDraft } from '@proofline/ledger';
import type { SessionsContext } from '../context.ts';
import { raiseLevels } from '../domain/levels.ts';
import { limitsOf } from '../domain/session-limits.ts';
import { restOn } from '../store/authenticator-rows.ts';
import { newConsoleKey } from '../store/session-key-rows.ts';
import { levelColumns, sessionsTable } from '../store/session-rows.ts';

/** Who starts a session, how they proved themselves, and what the session hangs on. */
export interface SessionStart {
  readonly realm: Realm;
  readonly subjectId: string;
  readonly acr: Acr;
  readonly amr: readonly string[];
  readonly authenticatorId: Id<'ath'>;
  readonly authenticatorEvidenceId: Id<'evt'>;
  /** Staff: the entry that gave them their role. */
  readonly roleEvidenceId?: Id<'evt'> | undefined;
  /** Staff: the sign-in's uid. */
  readonly interactionUid?: string;
  /** Customers: SHA-256 of the cookie's secret. */
  readonly cookieHash?: string;
  /** Staff: where they sign in. */
  readonly mode?: SignInMode;
  /** Staff: the thumbprint of the key for which the console asked, if it was the console that did. */
  readonly consoleKey?: string | undefined;
}

/** Starts a session with its evidence, in the caller's transaction. */
export async function startSession(
  context: SessionsContext,
  tx: Db,
  start: SessionStart,
): Promise<{ readonly sessionId: Id<'ses'>; readonly evidenceId: Id<'evt'> }> {
  const { tenant, clock } = context;
  const sessionId = newId('ses', context);
  const nowMs = clock.now();
  const at = new Date(nowMs);
  const { mode = 'personal' } = start;
  const { absoluteSeconds } = limitsOf(start.realm, mode);
  const levels = raiseLevels({}, start.acr, Math.floor(nowMs / 1000));
  // A founder's first passkey gave the role as well.
  const causes = new Set([start.authenticatorEvidenceId]);
  if (start.roleEvidenceId !== undefined) causes.add(start.roleEvidenceId);
  const { evidenceId, inserts } = await seal(context, tx, {
    kind: 'session.started',
    causes: [...causes],
    refs: { sessionId, authenticatorId: start.authenticatorId },
    subjects: { [start.realm === 'workforce' ? 'actor' : 'customer']: start.subjectId },
    facts: {
      realm: start.realm,
      acr: start.acr,
      amr: [...start.amr],
      ...(start.mode !== undefined && { mode }),
    },
  });
  const row = {
    tenant,
    session_id: sessionId,
    realm: start.realm,
    subject_id: start.subjectId,
    oidc_uid: null,
    interaction_uid: start.interactionUid ?? null,
    cookie_hash: start.cookieHash ?? null,
    ...levelColumns(levels),
    amr: JSON.stringify(start.amr),
    started_at: at,
    last_seen_at: at,
    left_alone_seconds: 0,
    expires_at: new Date(nowMs + absoluteSeconds * 1000),
    mode,
    locked_at: null,
    ended_at: null,
    ended_because: null,
    evidence_id: evidenceId,
  };
  const { consoleKey: thumbprint } = start;
  const keys = thumbprint === undefined ? [] : [newConsoleKey({ tenant, sessionId, thumbprint })];
  // In one statement with the entry: each of them would be another way to the database and back.
  await insertRows(tx, ...inserts, insertOf(sessionsTable, [row]), ...keys);
  await restOn(tx, { tenant, sessionId, authenticatorId: start.authenticatorId });
  return { sessionId, evidenceId };
}

/** The entry’s rows, to be written with what it tells of; of a subject who is new to the log it is written here. */
async function seal({ ledger }: SessionsContext, tx: Db, draft: EvidenceDraft) {
  const sealed = ledger.sealAll([draft]);
  const [evidenceId] = sealed?.ids ?? [];
  if (sealed && evidenceId) return { evidenceId, inserts: sealed.inserts };
  return { evidenceId: await ledger.record(tx, draft), inserts: [] };
}
