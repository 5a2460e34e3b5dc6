import { among, insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { chunksOf, tables, type OutboxTable } from './tables.ts';

export type OutboxRow = Omit<OutboxTable, 'tenant'>;

const target: InsertTarget<OutboxTable> = {
  table: 'ledger_outbox',
  columns: { tenant: 'text', ordinal: 'bigint', evidence_id: 'text', leaf: 'text', mac: 'text' },
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

    async remove(db: Db, rows: readonly OutboxRow[]): Promise<void> {
      for (const chunk of chunksOf(rows)) {
        await tables(db)
          .deleteFrom('ledger_outbox')
          .where('tenant', '=', tenant)
          .where(
            among(
              'ordinal',
              'bigint',
              chunk.map(({ ordinal }) => ordinal),
            ),
          )
          .where(
            among(
              'evidence_id',
              'text',
              chunk.map((row) => row.evidence_id),
            ),
          )
          .execute();
      }
    },
  };
}
