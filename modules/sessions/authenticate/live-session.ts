import { ProblemError, type Realm } from '@proofline/protocol';
import { endSession } from '../commands/end-session.ts';
import type { SessionsContext } from '../context.ts';
import { findOpenRow, whyRowOver, type SessionKey } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';

// A write per request would be a disk flush per request; a minute is fine enough for 30 of them.
const touchEveryMs = 60_000;

async function touch(context: SessionsContext, row: SessionRow): Promise<void> {
  const nowMs = context.clock.now();
  if (nowMs - row.last_seen_at.getTime() < touchEveryMs) return;
  await tablesOf(context.storage.db)
    .updateTable('sessions')
    .set({ last_seen_at: new Date(nowMs) })
    .where('tenant', '=', context.tenant)
    .where('session_id', '=', row.session_id)
    .where('ended_at', 'is', null)
    .execute();
}

/**
 * The live session that a credential names, used now. One that has passed its limits is ended here,
 * with evidence, by the first request that comes too late.
 *
 * @throws ProblemError `session.ended`
 */
export async function useSession(
  context: SessionsContext,
  by: SessionKey,
  realm: Realm,
): Promise<SessionRow> {
  const row = await findOpenRow(context.storage.db, context.tenant, by);
  if (!row || row.realm !== realm) throw new ProblemError('session.ended');
  const over = whyRowOver(row, context.clock.now());
  if (over !== undefined) {
    await endSession(context, row.session_id, { because: over });
    throw new ProblemError('session.ended', { internal: over });
  }
  await touch(context, row);
  return row;
}
