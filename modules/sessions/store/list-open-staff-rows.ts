import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf, type SessionRow } from './tables.ts';

/** A session's row with what it is bound to. */
export interface ShownRow extends SessionRow {
  readonly console_key: string | null;
  readonly refused_at: Date | null;
  readonly device_bound_at: Date | null;
}

/** The staff's sessions that were not ended and have time left, or one colleague's; last used first. */
export async function listOpenStaffRows(
  db: Db,
  tenant: string,
  by: { readonly at: Date; readonly limit: number; readonly subjectId?: Id<'stf'> },
): Promise<ShownRow[]> {
  const query = tablesOf(db)
    .selectFrom('sessions')
    .leftJoin('session_keys as known', (join) =>
      join
        .onRef('known.tenant', '=', 'sessions.tenant')
        .onRef('known.session_id', '=', 'sessions.session_id'),
    )
    .leftJoin('session_device_keys as device', (join) =>
      join
        .onRef('device.tenant', '=', 'sessions.tenant')
        .onRef('device.session_id', '=', 'sessions.session_id'),
    )
    .selectAll('sessions')
    .select(['known.console_key', 'known.refused_at', 'device.bound_at as device_bound_at'])
    .where('sessions.tenant', '=', tenant)
    .where('sessions.realm', '=', 'workforce')
    .where('sessions.ended_at', 'is', null)
    .where('sessions.expires_at', '>', by.at)
    .orderBy('sessions.last_seen_at', 'desc')
    .orderBy('sessions.session_id')
    .limit(by.limit);
  const { subjectId } = by;
  return subjectId === undefined
    ? query.execute()
    : query.where('sessions.subject_id', '=', subjectId).execute();
}
