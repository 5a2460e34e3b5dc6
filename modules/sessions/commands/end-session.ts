import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { insertLogouts } from '../applications/logout/logout-rows.ts';
import type { SessionsContext } from '../context.ts';
import { modelOf } from '../oidc/realm.ts';
import { findOpenRow } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import { endGrants } from './end-grants.ts';

/** How a session ends. */
export interface SessionEnding {
  /** A stable word: `signed-out`, `idle-limit`, `another-subject`, … */
  readonly because: string;
  /** The subject who ended it, when somebody did. */
  readonly endedBy?: string;
  /** Keeps oidc-provider's session, because another subject goes on in it. */
  readonly keepOidcSession?: boolean;
}

/** Ends a row's session with its grants and its OIDC session, in the caller's transaction. */
export async function endSessionRow(
  context: SessionsContext,
  tx: Db,
  ending: SessionEnding & { readonly row: SessionRow },
): Promise<Id<'evt'>> {
  const { row } = ending;
  const { tenant, ledger } = context;
  await tablesOf(tx)
    .updateTable('sessions')
    .set({ ended_at: new Date(context.clock.now()), ended_because: ending.because })
    .where('tenant', '=', tenant)
    .where('session_id', '=', row.session_id)
    .where('ended_at', 'is', null)
    .execute();
  const evidenceId = await ledger.record(tx, {
    kind: 'session.ended',
    causes: [row.evidence_id],
    refs: { sessionId: row.session_id },
    subjects: {
      actor: row.subject_id,
      ...(ending.endedBy === undefined ? {} : { endedBy: ending.endedBy }),
    },
    facts: { because: ending.because, realm: row.realm },
  });
  await endGrants(context, tx, {
    of: { sessionId: row.session_id },
    because: 'session-ended',
    causes: [evidenceId],
  });
  await insertLogouts(tx, {
    tenant,
    sessionId: row.session_id,
    subjectId: row.subject_id,
    evidenceId,
    at: new Date(context.clock.now()),
  });
  if (row.oidc_uid !== null && !ending.keepOidcSession) {
    // A silent authorization (prompt=none) must not outlive the session.
    await tablesOf(tx)
      .deleteFrom('oidc_payloads')
      .where('tenant', '=', tenant)
      .where('model', '=', modelOf(row.realm, 'Session'))
      .where('uid', '=', row.oidc_uid)
      .execute();
  }
  return evidenceId;
}

/** Ends a session wherever it is used; does nothing when it has ended already. */
export async function endSession(
  context: SessionsContext,
  sessionId: Id<'ses'>,
  ending: SessionEnding,
): Promise<void> {
  const ended = await context.storage.transaction(async (tx) => {
    const row = await findOpenRow(tx, context.tenant, { session_id: sessionId });
    if (!row) return undefined;
    const evidenceId = await endSessionRow(context, tx, { ...ending, row });
    return { evidenceId, subjectId: row.subject_id };
  });
  if (!ended) return;
  context.onSessionEnded?.({ sessionId, subjectId: ended.subjectId });
  await context.ledger.durable(ended.evidenceId);
}
