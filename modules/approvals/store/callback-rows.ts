import type { Db } from '@proofline/storage';
import { tablesOf, type CallbackRow } from './tables.ts';

const BATCH_MAX = 50;

/** Writes down that the end of a task is to be told. */
export async function insertCallback(
  tx: Db,
  row: Pick<CallbackRow, 'tenant' | 'task_id' | 'endpoint' | 'state' | 'events'>,
  at: Date,
): Promise<void> {
  const more = { attempts: 0, next_attempt_at: at, closed_at: null, outcome: null };
  await tablesOf(tx)
    .insertInto('access_request_callbacks')
    .values({ ...row, ...more })
    .execute();
}

/** What may have to be told now, the longest waiting first. */
export async function listDueCallbacks(db: Db, tenant: string, at: Date): Promise<CallbackRow[]> {
  return tablesOf(db)
    .selectFrom('access_request_callbacks')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('closed_at', 'is', null)
    .where('next_attempt_at', '<=', at)
    .orderBy('next_attempt_at')
    .limit(BATCH_MAX)
    .execute();
}

/** Takes the next attempt for this process; false when another one took it. */
export async function leaseCallback(
  db: Db,
  row: CallbackRow,
  next: { readonly attempts: number; readonly until: Date },
): Promise<boolean> {
  const { tenant, task_id, next_attempt_at } = row;
  const updated = await tablesOf(db)
    .updateTable('access_request_callbacks')
    .set({ attempts: next.attempts, next_attempt_at: next.until })
    .where('tenant', '=', tenant)
    .where('task_id', '=', task_id)
    .where('closed_at', 'is', null)
    .where('attempts', '=', row.attempts)
    .where('next_attempt_at', '=', next_attempt_at)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Nothing more is told: what the service sent along is wiped. */
export async function closeCallback(
  db: Db,
  { tenant, task_id }: CallbackRow,
  end: { readonly outcome: NonNullable<CallbackRow['outcome']>; readonly at: Date },
): Promise<void> {
  await tablesOf(db)
    .updateTable('access_request_callbacks')
    .set({ closed_at: end.at, outcome: end.outcome, state: null })
    .where('tenant', '=', tenant)
    .where('task_id', '=', task_id)
    .execute();
}
