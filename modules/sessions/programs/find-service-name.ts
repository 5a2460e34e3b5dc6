import type { Id } from '@proofline/kernel';
import type { SessionsContext } from '../context.ts';
import { serviceTables } from './store/tables.ts';

/** What a service is called, a removed one too: whoever reads of its acts shall know whose they were. */
export async function findServiceName(
  { storage, tenant }: SessionsContext,
  serviceId: string,
): Promise<string | undefined> {
  const row = await serviceTables(storage.db)
    .selectFrom('services')
    .select('name')
    .where('tenant', '=', tenant)
    // An id of whatever form is looked up: no row has one of another.
    .where('service_id', '=', serviceId as Id<'svc'>)
    .executeTakeFirst();
  return row?.name;
}
