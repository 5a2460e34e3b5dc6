import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** Calls that have not ended, by id. */
export async function listOpenCalls(
  db: Db,
  tenant: string,
  page: { readonly after: string | undefined; readonly limit: number },
): Promise<string[]> {
  let query = tables(db)
    .selectFrom('interactions')
    .select('interaction_id')
    .where('tenant', '=', tenant)
    .where('state', '<>', 'ended')
    .orderBy('interaction_id')
    .limit(page.limit);
  if (page.after !== undefined) query = query.where('interaction_id', '>', page.after);
  return (await query.execute()).map((row) => row.interaction_id);
}

/** Customers with a living proof. At most a thousand: more than are on calls at one time. */
export async function listProvedCustomers(db: Db, tenant: string): Promise<string[]> {
  const rows = await tables(db)
    .selectFrom('proofs')
    .select('customer_id')
    .distinct()
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .orderBy('customer_id')
    .limit(1_000)
    .execute();
  return rows.map((row) => row.customer_id);
}
