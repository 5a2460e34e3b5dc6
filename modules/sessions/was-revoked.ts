import type { Id } from '@proofline/kernel';
import type { SessionsContext } from './context.ts';
import { tablesOf } from './store/tables.ts';

/** The ends that are no judgement: left, or the shift is over. Whatever else ends a session takes it away. */
const ownEnds: readonly (string | null)[] = [
  'signed-out',
  'idle-limit',
  'absolute-limit',
  'another-subject',
];

/** Whether a session was taken away from its subject; a session that nobody knows counts as such (P7). */
export async function wasRevoked(
  { storage, tenant }: SessionsContext,
  sessionId: Id<'ses'>,
): Promise<boolean> {
  const row = await tablesOf(storage.db)
    .selectFrom('sessions')
    .select(['ended_at', 'ended_because'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', sessionId)
    .executeTakeFirst();
  if (!row) return true;
  return row.ended_at !== null && !ownEnds.includes(row.ended_because);
}
