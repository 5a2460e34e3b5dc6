import { insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { chunksOf, tables, type RefsTable } from './tables.ts';
import { withinLog } from './within-log.ts';

export interface RefRow {
  readonly index: number;
  readonly role: string;
  readonly value: string;
}

const target: InsertTarget<RefsTable> = {
  table: 'ledger_refs',
  columns: { tenant: 'text', idx: 'bigint', role: 'text', value: 'text' },
};

/** SQL of the table `ledger_refs`: the inverted index. Can be built again from the leaves. */
export function refRows(tenant: string) {
  return {
    /** To be written together with other rows. */
    insertOf: (rows: readonly RefRow[]): Insert =>
      insertOf(
        target,
        rows.map(({ index, role, value }) => ({ tenant, idx: index, role, value })),
      ),

    /** The refs of entries `start` (inclusive) to `end` (exclusive). */
    async range(db: Db, start: number, end: number): Promise<RefRow[]> {
      const rows = await tables(db)
        .selectFrom('ledger_refs')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('idx', '>=', start)
        .where('idx', '<', end)
        .execute();
      return rows.map(({ idx, role, value }) => ({ index: idx, role, value }));
    },

    /** Indexes of the entries that name one of these in any role, newest first. */
    async placesOf(db: Db, values: readonly string[], count: number): Promise<number[]> {
      const rows = await tables(db)
        .selectFrom('ledger_refs')
        .select('idx')
        .distinct()
        .where('tenant', '=', tenant)
        .where('value', 'in', [...values])
        .where(withinLog(tenant))
        .orderBy('idx', 'desc')
        .limit(count)
        .execute();
      return rows.map(({ idx }) => idx);
    },

    /** Indexes of the entries that name one of these as a cause, oldest first. */
    async effectsOf(db: Db, ids: readonly string[], count: number): Promise<number[]> {
      const found = new Set<number>();
      for (const chunk of chunksOf(ids)) {
        const rows = await tables(db)
          .selectFrom('ledger_refs')
          .select('idx')
          .where('tenant', '=', tenant)
          .where('value', 'in', [...chunk])
          .where('role', '=', 'cause')
          .where(withinLog(tenant))
          .orderBy('idx')
          .limit(count)
          .execute();
        for (const { idx } of rows) found.add(idx);
      }
      return [...found];
    },
  };
}
