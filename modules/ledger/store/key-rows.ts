import type { Db } from '@proofline/storage';
import { tables, type KeysTable } from './tables.ts';

export type KeyRow = Omit<KeysTable, 'tenant'>;

/** SQL of the table `ledger_keys`. */
export function keyRows(tenant: string) {
  return {
    /** Answers the rows that were not there yet. */
    async insert(db: Db, rows: readonly KeyRow[]): Promise<KeyRow[]> {
      return (
        tables(db)
          .insertInto('ledger_keys')
          .values(rows.map((row) => ({ ...row, tenant })))
          // In a SERIALIZABLE transaction a rival's row, which this one cannot see, is then a
          // serialization failure: the whole is done again and finds it.
          .onConflict((conflict) => conflict.doNothing())
          .returning(['subject', 'retention', 'month', 'sealed_key'])
          .execute()
      );
    },

    async ofSubjects(db: Db, subjects: readonly string[], month: string): Promise<KeyRow[]> {
      return tables(db)
        .selectFrom('ledger_keys')
        .select(['subject', 'retention', 'month', 'sealed_key'])
        .where('tenant', '=', tenant)
        .where('subject', 'in', [...subjects])
        .where('month', '=', month)
        .execute();
    },
  };
}
