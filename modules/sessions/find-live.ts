import type { Id } from '@proofline/kernel';
import type { SessionsContext } from './context.ts';
import { findGrantRow, grantFactsOf } from './store/grant-rows.ts';
import { findOpenRow, whyRowOver, type SessionKey } from './store/session-rows.ts';
import type { SessionRow } from './store/tables.ts';
import type { GrantFacts } from './types.ts';

/** The row of a session that lives now; `undefined`: unknown, ended, idle too long or expired. */
export async function findLiveRow(
  context: SessionsContext,
  by: SessionKey,
): Promise<SessionRow | undefined> {
  const row = await findOpenRow(context.storage.db, context.tenant, by);
  return row && whyRowOver(row, context.clock.now()) === undefined ? row : undefined;
}

/** A grant; live only while it was not ended, has time left, and its session lives. */
export async function findGrant(
  context: SessionsContext,
  grantId: Id<'grt'>,
): Promise<GrantFacts | undefined> {
  const row = await findGrantRow(context.storage.db, context.tenant, grantId);
  if (!row) return undefined;
  const inTime = row.ended_at === null && row.expires_at.getTime() > context.clock.now();
  const live = inTime && (await findLiveRow(context, { session_id: row.session_id })) !== undefined;
  return grantFactsOf(row, live);
}
