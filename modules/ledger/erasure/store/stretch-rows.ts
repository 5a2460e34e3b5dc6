import { among, type Db } from '@proofline/storage';
import type { EntryRow } from '../../store/entry-rows.ts';
import { tables } from '../../store/tables.ts';
import { withinLog } from '../../store/within-log.ts';

/** SQL of the table `ledger_entries` over a stretch of the log, for what erases whole entries. */
export function stretchRows(tenant: string) {
  return {
    /** Entries of one kind, newest first, before a place. Few kinds are asked for so, all of them seldom. */
    async ofKind(
      db: Db,
      { kind, before, count }: { kind: string; before: number | undefined; count: number },
    ): Promise<Pick<EntryRow, 'index' | 'leaf' | 'evidenceId'>[]> {
      let rows = tables(db)
        .selectFrom('ledger_entries')
        .select(['idx', 'leaf', 'evidence_id'])
        .where('tenant', '=', tenant)
        .where('kind', '=', kind)
        .where(withinLog(tenant))
        .orderBy('idx', 'desc')
        .limit(count);
      if (before !== undefined) rows = rows.where('idx', '<', before);
      const found = await rows.execute();
      return found.map((row) => ({ index: row.idx, leaf: row.leaf, evidenceId: row.evidence_id }));
    },

    /** How many entries of which kind stand in a stretch; those whose bytes are gone are `erased`. */
    async countKinds(
      db: Db,
      { start, end }: { readonly start: number; readonly end: number },
    ): Promise<{ kind: string; count: number }[]> {
      const rows = await tables(db)
        .selectFrom('ledger_entries')
        .select(({ fn }) => ['kind', fn.countAll().as('count')])
        .where('tenant', '=', tenant)
        .where('idx', '>=', start)
        .where('idx', '<', end)
        .groupBy('kind')
        .execute();
      return rows.map(({ kind, count }) => ({ kind, count: Number(count) }));
    },

    /** The places below an index of all entries that are of no such kind, rising. */
    async kindsBelow(
      db: Db,
      below: number,
      without: readonly string[],
    ): Promise<Pick<EntryRow, 'index' | 'kind'>[]> {
      const rows = await tables(db)
        .selectFrom('ledger_entries')
        .select(['idx', 'kind'])
        .where('tenant', '=', tenant)
        .where('idx', '<', below)
        .where(({ not }) => not(among('kind', 'text', [...without])))
        .orderBy('idx')
        .execute();
      return rows.map(({ idx, kind }) => ({ index: idx, kind }));
    },

    /** Entries below an index that are of these kinds, as they are to be erased. */
    async erasableBelow(
      db: Db,
      { below, kinds, count }: { below: number; kinds: readonly string[]; count: number },
    ): Promise<Pick<EntryRow, 'index' | 'evidenceId'>[]> {
      const rows = await tables(db)
        .selectFrom('ledger_entries')
        .select(['idx', 'evidence_id'])
        .where('tenant', '=', tenant)
        .where('idx', '<', below)
        .where(among('kind', 'text', kinds))
        .orderBy('idx')
        .limit(count)
        .execute();
      return rows.map((row) => ({ index: row.idx, evidenceId: row.evidence_id }));
    },
  };
}
