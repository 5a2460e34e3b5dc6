import { deleteRows, insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { tables, type OutboxTable } from './tables.ts';

export type OutboxRow = Omit<OutboxTable, 'tenant'>;

const target: InsertTarget<OutboxTable> = {
  table: 'ledger_outbox',
  columns: { tenant: 'text', ordinal: 'bigint', evidence_id: 'text', leaf: 'text', mac: 'text' },
};

const key: InsertTarget<Pick<OutboxTable, 'tenant' | 'ordinal' | 'evidence_id'>> = {
  table: target.table,
  columns: { tenant: 'text', ordinal: 'bigint', evidence_id: 'text' },
};

/** SQL of the table `ledger_outbox`. */
export function outboxRows(tenant: string) {
  const from = (db: Db) =>
    tables(db)
      .selectFrom('ledger_outbox')
      .select(['ordinal', 'evidence_id', 'leaf', 'mac'])
      .where('tenant', '=', tenant);
  return {
    /** To be written together with other rows. */
    insertOf: (rows: readonly OutboxRow[]): Insert =>
      insertOf(
        target,
        rows.map((row) => ({ ...row, tenant })),
      ),

    /** The oldest rows, in the order of recording. */
    async oldest(db: Db, count: number): Promise<OutboxRow[]> {
      return from(db).orderBy('ordinal').orderBy('evidence_id').limit(count).execute();
    },

    async find(db: Db, evidenceId: string): Promise<OutboxRow | undefined> {
      return from(db).where('evidence_id', '=', evidenceId).executeTakeFirst();
    },

    remove: (db: Db, rows: readonly OutboxRow[]): Promise<void> =>
      deleteRows(
        db,
        insertOf(
          key,
          rows.map(({ ordinal, evidence_id }) => ({ tenant, ordinal, evidence_id })),
        ),
      ),
  };
}
