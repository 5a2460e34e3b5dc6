import type { Db } from '@proofline/storage';
import { sql } from 'kysely';

export interface CosignedTable {
  tenant: string;
  size: number;
  /** The signed note of the checkpoint of this size, with the cosignatures. */
  note: string;
  /** When the first of them came. */
  at: Date;
}

export type CosignedRow = Omit<CosignedTable, 'tenant'>;

// A type alias: kysely asks for an index signature, which an interface does not have.
type CosignedTables = { ledger_cosigned: CosignedTable };

const tables = (db: Db) => db.withTables<CosignedTables>();

/** SQL of the table `ledger_cosigned`. */
export function cosignedRows(tenant: string) {
  return {
    /** Largest first. */
    async newest(db: Db, count: number): Promise<CosignedRow[]> {
      return tables(db)
        .selectFrom('ledger_cosigned')
        .select(['size', 'note', 'at'])
        .where('tenant', '=', tenant)
        .orderBy('size', 'desc')
        .limit(count)
        .execute();
    },

    async find(db: Db, size: number): Promise<CosignedRow | undefined> {
      return tables(db)
        .selectFrom('ledger_cosigned')
        .select(['size', 'note', 'at'])
        .where('tenant', '=', tenant)
        .where('size', '=', size)
        .executeTakeFirst();
    },

    /** Writes the note of a size, in place of the one that there is. */
    async put(db: Db, row: CosignedRow): Promise<void> {
      await tables(db)
        .insertInto('ledger_cosigned')
        .values({ ...row, tenant })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'size']).doUpdateSet({ note: row.note }),
        )
        .execute();
    },

    /** Removes what is smaller than `size`, but for the first of each hour. */
    async thin(db: Db, size: number): Promise<void> {
      const hour = (name: string) => sql`date_trunc('hour', ${sql.ref(name)})`;
      await tables(db)
        .deleteFrom('ledger_cosigned')
        .where('tenant', '=', tenant)
        .where('size', '<', size)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('ledger_cosigned as earlier')
              .select('earlier.size')
              .where('earlier.tenant', '=', tenant)
              .whereRef('earlier.size', '<', 'ledger_cosigned.size')
              .where(sql<boolean>`${hour('earlier.at')} = ${hour('ledger_cosigned.at')}`),
          ),
        )
        .execute();
    },
  };
}
