import { newId, type Id } from '@proofline/kernel';
import type { Acr, Realm, SignInMode } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import { raiseLevels } from '../domain/levels.ts';
import { limitsOf } from '../domain/session-limits.ts';
import { restOn } from '../store/authenticator-rows.ts';
import { levelColumns } from '../store/session-rows.ts';
import { tablesOf } from '../store/tables.ts';

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
}

/** Starts a session with its evidence, in the caller's transaction. */
export async function startSession(
  context: SessionsContext,
  tx: Db,
  start: SessionStart,
): Promise<{ readonly sessionId: Id<'ses'>; readonly evidenceId: Id<'evt'> }> {
  const { tenant, clock, ledger } = context;
  const sessionId = newId('ses', context);
  const nowMs = clock.now();
  const at = new Date(nowMs);
  const { mode = 'personal' } = start;
  const { absoluteSeconds } = limitsOf(start.realm, mode);
  const levels = raiseLevels({}, start.acr, Math.floor(nowMs / 1000));
  // A founder's first passkey gave the role as well.
  const causes = new Set([start.authenticatorEvidenceId]);
  if (start.roleEvidenceId !== undefined) causes.add(start.roleEvidenceId);
  const evidenceId = await ledger.record(tx, {
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
  await tablesOf(tx)
    .insertInto('sessions')
    .values({
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
    })
    .execute();
  await restOn(tx, { tenant, sessionId, authenticatorId: start.authenticatorId });
  return { sessionId, evidenceId };
}
