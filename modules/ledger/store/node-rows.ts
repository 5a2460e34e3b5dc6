import { insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { tables, type NodesTable } from './tables.ts';

export interface NodeRow {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

const target: InsertTarget<NodesTable> = {
  table: 'ledger_nodes',
  columns: { tenant: 'text', level: 'integer', idx: 'bigint', hash: 'bytea' },
};

/** SQL of the table `ledger_nodes`. */
export function nodeRows(tenant: string) {
  return {
    /** To be written together with other rows. */
    insertOf: (rows: readonly NodeRow[]): Insert =>
      insertOf(
        target,
        rows.map(({ level, index, hash }) => ({ tenant, level, idx: index, hash })),
      ),

    /** The hashes of one level, `start` (inclusive) to `end` (exclusive), by index. */
    async hashes(
      db: Db,
      level: number,
      range: { readonly start: number; readonly end: number },
    ): Promise<Uint8Array[]> {
      const rows = await tables(db)
        .selectFrom('ledger_nodes')
        .select('hash')
        .where('tenant', '=', tenant)
        .where('level', '=', level)
        .where('idx', '>=', range.start)
        .where('idx', '<', range.end)
        .orderBy('idx')
        .execute();
      return rows.map(({ hash }) => hash);
    },

    async count(db: Db): Promise<number> {
      const row = await tables(db)
        .selectFrom('ledger_nodes')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
  };
}
