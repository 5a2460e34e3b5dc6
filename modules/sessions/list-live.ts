import { limits, type Id } from '@proofline/kernel';
import type { SessionBinding } from '@proofline/protocol';
import type { SessionsContext } from './context.ts';
import { listOpenStaffRows, type ShownRow } from './store/list-open-staff-rows.ts';
import { factsOf, whyRowOver } from './store/session-rows.ts';
import type { LiveSessions, SessionState } from './types.ts';

/** So many are read; those that ran out unseen are among them, and are left out of what is shown. */
const readMax = limits.countedMaxRows;

function bindingOf(row: ShownRow): SessionBinding {
  if (row.device_bound_at) return 'device-key';
  return row.console_key === null ? 'cookie' : 'console-key';
}

function stateOf(row: ShownRow, nowMs: number): SessionState {
  return {
    ...factsOf(row, nowMs),
    lastSeenAtMs: row.last_seen_at.getTime(),
    boundTo: bindingOf(row),
    ...(row.refused_at && { refusedAtMs: row.refused_at.getTime() }),
  };
}

/** The staff's sessions that live now, or one colleague's, last used first; no more than a list shows. */
export async function listLive(
  { clock, storage, tenant }: SessionsContext,
  subjectId?: Id<'stf'>,
): Promise<LiveSessions> {
  const nowMs = clock.now();
  const rows = await listOpenStaffRows(storage.db, tenant, {
    at: new Date(nowMs),
    limit: readMax,
    ...(subjectId === undefined ? {} : { subjectId }),
  });
  const live = rows.filter((row) => whyRowOver(row, nowMs) === undefined);
  return {
    sessions: live.slice(0, limits.pageMaxItems).map((row) => stateOf(row, nowMs)),
    total: { count: live.length, isExact: rows.length < readMax },
  };
}
