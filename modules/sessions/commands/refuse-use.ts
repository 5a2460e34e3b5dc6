import type { SessionsContext } from '../context.ts';
import { noteRefusedAt } from '../store/session-key-rows.ts';
import type { SessionRow } from '../store/tables.ts';

/** Whoever tries without pause writes one entry in this time. */
const onceInMs = 60_000;

/**
 * Notes that somebody used a session’s cookie and could not show its key. The session goes on: an
 * address in a message, opened by its owner, asks with a foreign key as well, and must not end it.
 */
export async function refuseUse(
  context: SessionsContext,
  row: Pick<SessionRow, 'session_id' | 'subject_id' | 'evidence_id'>,
  because: string,
): Promise<void> {
  const { clock, ledger, storage, tenant } = context;
  const nowMs = clock.now();
  await storage.transaction(async (tx) => {
    const isFirst = await noteRefusedAt(tx, {
      tenant,
      sessionId: row.session_id,
      at: new Date(nowMs),
      since: new Date(nowMs - onceInMs),
    });
    if (!isFirst) return;
    await ledger.record(tx, {
      kind: 'session.refused',
      causes: [row.evidence_id],
      refs: { sessionId: row.session_id },
      subjects: { owner: row.subject_id },
      facts: { because },
    });
  });
}
