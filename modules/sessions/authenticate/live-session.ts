import { ProblemError, type Realm } from '@proofline/protocol';
import { endSession } from '../commands/end-session.ts';
import { lockSession } from '../commands/lock-session.ts';
import type { SessionsContext } from '../context.ts';
import { touchEveryMs } from '../domain/session-limits.ts';
import {
  findOpenRow,
  isRowLocked,
  leftAloneSeconds,
  whyRowOver,
  type SessionKey,
} from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';

async function touch(context: SessionsContext, row: SessionRow): Promise<void> {
  const nowMs = context.clock.now();
  if (nowMs - row.last_seen_at.getTime() < touchEveryMs(row.realm, row.mode)) return;
  await tablesOf(context.storage.db)
    .updateTable('sessions')
    .set({ last_seen_at: new Date(nowMs), left_alone_seconds: leftAloneSeconds(row, nowMs) })
    .where('tenant', '=', context.tenant)
    .where('session_id', '=', row.session_id)
    .where('ended_at', 'is', null)
    .execute();
}

/**
 * The live session that a credential names, locked or not. One that has passed its limits is ended here,
 * with evidence, by the first request that comes too late.
 *
 * @throws ProblemError `session.ended`
 */
export async function liveSession(
  context: SessionsContext,
  by: SessionKey,
  realm: Realm,
): Promise<SessionRow> {
  const row = await findOpenRow(context.storage.byKey, context.tenant, by);
  if (!row || row.realm !== realm) throw new ProblemError('session.ended');
  const over = whyRowOver(row, context.clock.now());
  if (over !== undefined) {
    await endSession(context, row.session_id, { because: over });
    throw new ProblemError('session.ended', { internal: over });
  }
  return row;
}

/**
 * Uses a live session now. One that was left alone for too long is locked here, with evidence, by the first
 * request that comes after it; a refused request is no use of it, nor one that a page makes by itself.
 *
 * @throws ProblemError `session.locked`
 */
export async function useSession(
  context: SessionsContext,
  row: SessionRow,
  { unattended = false }: { readonly unattended?: boolean | undefined } = {},
): Promise<void> {
  if (isRowLocked(row, context.clock.now())) {
    if (row.locked_at === null) await lockSession(context, row.session_id, 'idle');
    throw new ProblemError('session.locked');
  }
  if (!unattended) await touch(context, row);
}
