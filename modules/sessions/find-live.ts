import type { Id } from '@proofline/kernel';
import type { SessionsContext } from './context.ts';
import { findGrantRow, grantFactsOf } from './store/grant-rows.ts';
import { findOpenRow, isRowLocked, whyRowOver, type SessionKey } from './store/session-rows.ts';
import type { SessionRow } from './store/tables.ts';
import type { GrantFacts } from './types.ts';

/** The row of a session that lives now, locked or not; `undefined`: unknown, ended, idle too long or expired. */
export async function findLiveRow(
  context: SessionsContext,
  by: SessionKey,
): Promise<SessionRow | undefined> {
  const row = await findOpenRow(context.storage.byKey, context.tenant, by);
  return row && whyRowOver(row, context.clock.now()) === undefined ? row : undefined;
}

/** The row of a session in which something may be done now: it lives, and is not locked. */
export async function findUsableRow(
  context: SessionsContext,
  by: SessionKey,
): Promise<SessionRow | undefined> {
  const row = await findLiveRow(context, by);
  return row && isRowLocked(row, context.clock.now()) ? undefined : row;
}

/**
 * A grant; live only while it was not ended, has time left, its session lives and is not locked, and so does the
 * grant that a program obtained it with.
 */
export async function findGrant(
  context: SessionsContext,
  grantId: Id<'grt'>,
): Promise<GrantFacts | undefined> {
  const row = await findGrantRow(context.storage.byKey, context.tenant, grantId);
  if (!row) return undefined;
  const inTime = row.ended_at === null && row.expires_at.getTime() > context.clock.now();
  const live =
    inTime &&
    (await findUsableRow(context, { session_id: row.session_id })) !== undefined &&
    // A chain has an end, and each grant of it was issued after the one before.
    (row.parent_id === null || (await findGrant(context, row.parent_id))?.live === true);
  return grantFactsOf(row, live);
}
