import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables, type CallCodesTable } from './tables.ts';

/** A live call code. */
export interface CallCodeRow {
  readonly callCodeId: Id<'cco'>;
  readonly customerId: Id<'cus'>;
  readonly code: string;
  readonly expiresAt: Date;
}

/** SQL of the table `call_codes`. */
export function callCodeRows(tenant: string) {
  const live = (db: Db, at: Date) =>
    tables(db)
      .selectFrom('call_codes')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('claimed_at', 'is', null)
      .where('expires_at', '>', at);
  return {
    async insert(db: Db, row: CallCodeRow & { createdAt: Date }): Promise<void> {
      await tables(db)
        .insertInto('call_codes')
        .values({
          tenant,
          call_code_id: row.callCodeId,
          customer_id: row.customerId,
          code: row.code,
          created_at: row.createdAt,
          expires_at: row.expiresAt,
          claimed_at: null,
        })
        .execute();
    },

    async findLive(db: Db, code: string, at: Date): Promise<CallCodeRow | undefined> {
      const row = await live(db, at).where('code', '=', code).executeTakeFirst();
      return row && read(row);
    },

    async findLiveOf(db: Db, customerId: Id<'cus'>, at: Date): Promise<CallCodeRow | undefined> {
      const row = await live(db, at)
        .where('customer_id', '=', customerId)
        .orderBy('created_at', 'desc')
        .executeTakeFirst();
      return row && read(row);
    },

    async countSince(db: Db, customerId: Id<'cus'>, since: Date): Promise<number> {
      const row = await tables(db)
        .selectFrom('call_codes')
        .select((select) => select.fn.countAll().as('count'))
        .where('tenant', '=', tenant)
        .where('customer_id', '=', customerId)
        .where('created_at', '>', since)
        .executeTakeFirstOrThrow();
      return Number(row.count);
    },

    /** A newer code makes the older ones worthless. */
    async expireOf(db: Db, customerId: Id<'cus'>, at: Date): Promise<void> {
      await tables(db)
        .updateTable('call_codes')
        .set({ expires_at: at })
        .where('tenant', '=', tenant)
        .where('customer_id', '=', customerId)
        .where('claimed_at', 'is', null)
        .where('expires_at', '>', at)
        .execute();
    },

    /** Single use: true exactly once. */
    async claim(db: Db, id: Id<'cco'>, at: Date): Promise<boolean> {
      const result = await tables(db)
        .updateTable('call_codes')
        .set({ claimed_at: at })
        .where('tenant', '=', tenant)
        .where('call_code_id', '=', id)
        .where('claimed_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async forgetBefore(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('call_codes')
        .where('tenant', '=', tenant)
        .where('expires_at', '<', before)
        .execute();
    },
  };
}

function read(row: CallCodesTable): CallCodeRow {
  return {
    // These columns hold only what this module wrote: ids of these kinds.
    callCodeId: row.call_code_id as Id<'cco'>,
    customerId: row.customer_id as Id<'cus'>,
    code: row.code,
    expiresAt: row.expires_at,
  };
}
