import type { Storage } from '@proofline/storage';
import { mergeUse, noUse, type Use } from '../domain/use.ts';
import { serviceTables } from './tables.ts';

/** SQL of the table `service_use`. */
export function useRows(tenant: string) {
  return {
    async all(db: Storage['db']): Promise<Map<string, Use>> {
      const rows = await serviceTables(db)
        .selectFrom('service_use')
        .select(['service_id', 'used'])
        .where('tenant', '=', tenant)
        .execute();
      // Written by this module as a `Use`.
      return new Map(rows.map((row) => [row.service_id, JSON.parse(row.used) as Use]));
    },

    /** Adds what was seen to what is known; other processes do the same. */
    async add(storage: Storage, serviceId: string, seen: Use): Promise<void> {
      await storage.transaction(async (tx) => {
        const row = await serviceTables(tx)
          .selectFrom('service_use')
          .select('used')
          .where('tenant', '=', tenant)
          .where('service_id', '=', serviceId)
          .executeTakeFirst();
        // Written by this module as a `Use`.
        const before = row ? (JSON.parse(row.used) as Use) : noUse;
        const used = JSON.stringify(mergeUse(before, seen));
        await serviceTables(tx)
          .insertInto('service_use')
          .values({ tenant, service_id: serviceId, used })
          .onConflict((conflict) =>
            conflict.columns(['tenant', 'service_id']).doUpdateSet({ used }),
          )
          .execute();
      });
    },
  };
}
