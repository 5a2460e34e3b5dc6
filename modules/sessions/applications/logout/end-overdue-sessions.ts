import { sql } from 'kysely';
import { endSession } from '../../commands/end-session.ts';
import type { SessionsContext } from '../../context.ts';
import { whyRowOver } from '../../store/session-rows.ts';
import { tablesOf } from '../../store/tables.ts';

const BATCH_MAX = 200;

/**
 * Ends sessions that have passed their limits and were used for an application. Elsewhere the next request
 * finds out; an application asks nothing, and would never be told. Answers how many there were.
 */
export async function endOverdueSessions(context: SessionsContext): Promise<number> {
  const nowMs = context.clock.now();
  const rows = await tablesOf(context.storage.db)
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', context.tenant)
    .where('ended_at', 'is', null)
    .where(
      sql<boolean>`(exists (select 1 from session_application_uses as uses
          where uses.tenant = sessions.tenant and uses.session_id = sessions.session_id)
        or exists (select 1 from saml_participants as uses
          where uses.tenant = sessions.tenant and uses.session_id = sessions.session_id))`,
    )
    .orderBy('last_seen_at')
    .limit(BATCH_MAX)
    .execute();
  let ended = 0;
  for (const row of rows) {
    const because = whyRowOver(row, nowMs);
    if (because === undefined) continue;
    await endSession(context, row.session_id, { because });
    ended += 1;
  }
  return ended;
}
