import type { Db } from '@proofline/storage';
import { chunksOf, tables } from './tables.ts';

export interface NodeRow {
  readonly level: number;
  readonly index: number;
  readonly hash: Uint8Array;
}

/** SQL of the table `ledger_nodes`. */
export function nodeRows(tenant: string) {
  return {
    async insert(db: Db, rows: readonly NodeRow[]): Promise<void> {
      for (const chunk of chunksOf(rows)) {
        await tables(db)
          .insertInto('ledger_nodes')
          .values(chunk.map(({ level, index, hash }) => ({ tenant, level, idx: index, hash })))
          .execute();
      }
    },

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
