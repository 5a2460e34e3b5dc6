import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf } from './tables.ts';

/** Colleagues whose session was not ended, by id, each with the session that they used last. */
export async function listStaffInSession(
  db: Db,
  tenant: string,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<{ readonly subjectId: string; readonly sessionId: Id<'ses'> }[]> {
  let query = tablesOf(db)
    .selectFrom('sessions')
    .select(['subject_id', 'session_id'])
    .distinctOn('subject_id')
    .where('tenant', '=', tenant)
    .where('realm', '=', 'workforce')
    .where('ended_at', 'is', null)
    .orderBy('subject_id')
    .orderBy('last_seen_at', 'desc')
    .limit(page.limit);
  if (page.after !== undefined) query = query.where('subject_id', '>', page.after);
  const rows = await query.execute();
  return rows.map((row) => ({ subjectId: row.subject_id, sessionId: row.session_id }));
}
