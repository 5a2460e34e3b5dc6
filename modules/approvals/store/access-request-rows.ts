import type { Db } from '@proofline/storage';
import { tablesOf, type AccessRequestItemRow, type AccessRequestRow } from './tables.ts';

/** A task with what it asks for, in its order. */
export interface StoredTask {
  readonly request: AccessRequestRow;
  readonly items: readonly AccessRequestItemRow[];
}

/** Writes a task; false when one of its denials, or its key, has one already. */
export async function insertAccessRequest(
  tx: Db,
  { request, items }: StoredTask,
): Promise<boolean> {
  const written = await tablesOf(tx)
    .insertInto('access_requests')
    .values(request)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (written.numInsertedOrUpdatedRows !== 1n) return false;
  const all = await tablesOf(tx)
    .insertInto('access_request_items')
    .values([...items])
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return all.numInsertedOrUpdatedRows === BigInt(items.length);
}

/** One task of this tenant. */
export async function findTask(
  db: Db,
  tenant: string,
  by: { readonly taskId: string } | { readonly serviceId: string; readonly idempotencyKey: string },
): Promise<StoredTask | undefined> {
  const of = tablesOf(db).selectFrom('access_requests').selectAll().where('tenant', '=', tenant);
  const found =
    'taskId' in by
      ? of.where('task_id', '=', by.taskId)
      : of.where('service_id', '=', by.serviceId).where('idempotency_key', '=', by.idempotencyKey);
  const request = await found.executeTakeFirst();
  if (!request) return undefined;
  const items = await tablesOf(db)
    .selectFrom('access_request_items')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('task_id', '=', request.task_id)
    .orderBy('place')
    .execute();
  return { request, items };
}

/** The tasks that these denials have opened, each once. */
export async function findTasksOfDenials(
  db: Db,
  tenant: string,
  evaluationIds: readonly string[],
): Promise<string[]> {
  const rows = await tablesOf(db)
    .selectFrom('access_request_items')
    .select('task_id')
    .distinct()
    .where('tenant', '=', tenant)
    .where('evaluation_id', 'in', evaluationIds)
    .execute();
  return rows.map(({ task_id }) => task_id);
}

/** Cancels one of the things asked for, once. */
export async function cancelItem(
  tx: Db,
  tenant: string,
  { taskId, place, at }: { readonly taskId: string; readonly place: number; readonly at: Date },
): Promise<void> {
  await tablesOf(tx)
    .updateTable('access_request_items')
    .set({ cancelled_at: at })
    .where('tenant', '=', tenant)
    .where('task_id', '=', taskId)
    .where('place', '=', place)
    .where('cancelled_at', 'is', null)
    .execute();
}
