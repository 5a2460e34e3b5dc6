import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import { findOpenRow } from '../store/session-rows.ts';
import { tablesOf } from '../store/tables.ts';

/**
 * Locks a session: from now on its tokens, its grants and its silent authorizations are refused, until its
 * own subject has touched a passkey of theirs in it. Does nothing where it is locked or over.
 */
export async function lockSession(
  context: SessionsContext,
  sessionId: Id<'ses'>,
  because: 'by-hand' | 'idle',
): Promise<void> {
  const { tenant, ledger } = context;
  const locked = await context.storage.transaction(async (tx) => {
    const row = await findOpenRow(tx, tenant, { session_id: sessionId });
    if (!row || row.locked_at !== null) return false;
    await tablesOf(tx)
      .updateTable('sessions')
      .set({ locked_at: new Date(context.clock.now()) })
      .where('tenant', '=', tenant)
      .where('session_id', '=', sessionId)
      .execute();
    await ledger.record(tx, {
      kind: 'session.locked',
      causes: [row.evidence_id],
      refs: { sessionId },
      subjects: { actor: row.subject_id },
      facts: { because, mode: row.mode },
    });
    return true;
  });
  if (locked) context.onSessionLocked?.({ sessionId });
}
