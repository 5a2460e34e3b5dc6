import type { Db } from '@proofline/storage';
import { tablesOf, type AccessRequestRow } from './tables.ts';

/** Writes a task; false when its denial, or its key, has one already. */
export async function insertAccessRequest(tx: Db, row: AccessRequestRow): Promise<boolean> {
  const inserted = await tablesOf(tx)
    .insertInto('access_requests')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}

/** One task of this tenant. */
export async function findAccessRequest(
  db: Db,
  tenant: string,
  by:
    | { readonly taskId: string }
    | { readonly evaluationId: string }
    | { readonly serviceId: string; readonly idempotencyKey: string },
): Promise<AccessRequestRow | undefined> {
  const of = tablesOf(db).selectFrom('access_requests').selectAll().where('tenant', '=', tenant);
  const found =
    'taskId' in by
      ? of.where('task_id', '=', by.taskId)
      : 'evaluationId' in by
        ? of.where('evaluation_id', '=', by.evaluationId)
        : of
            .where('service_id', '=', by.serviceId)
            .where('idempotency_key', '=', by.idempotencyKey);
  return found.executeTakeFirst();
}
