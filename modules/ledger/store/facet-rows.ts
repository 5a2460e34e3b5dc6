import { erasedIdHash } from '@proofline/evidence';
import {
  among,
  insertOf,
  insertRows,
  type Db,
  type Insert,
  type InsertTarget,
} from '@proofline/storage';
import { ERASED_PROVED } from '../erasure/domain/erased-kinds.ts';
import type { Facets, Root } from '../domain/facets.ts';
import { tables, type FacetsTable } from './tables.ts';
import { withinLog } from './within-log.ts';

/** The facets of the entry at a place of the log. */
export interface FacetRow extends Facets {
  readonly index: number;
}

const target: InsertTarget<FacetsTable> = {
  table: 'ledger_facets',
  columns: {
    tenant: 'text',
    idx: 'bigint',
    kind: 'text',
    at: 'timestamptz',
    action: 'text',
    outcome: 'text',
    root: 'text',
    shown: 'text',
    masked: 'text',
    release: 'text',
  },
};
/** As many rows as one statement takes away. */
const REMOVED_MAX = 10_000;

/** How far the facets are made, and by which rules. */
export interface FacetsHead {
  readonly version: number;
  readonly size: number;
}

/** SQL of the tables `ledger_facets` and `ledger_facets_head`. */
export function facetRows(tenant: string) {
  return {
    async head(db: Db): Promise<FacetsHead | undefined> {
      return tables(db)
        .selectFrom('ledger_facets_head')
        .select(['version', 'size'])
        .where('tenant', '=', tenant)
        .executeTakeFirst();
    },

    /** Writes the rows and moves the head from one state to the next; false: it had moved, and nothing is written. */
    async append(
      tx: Db,
      rows: readonly FacetRow[],
      move: { readonly from: FacetsHead; readonly to: FacetsHead },
    ): Promise<boolean> {
      const moved = await tables(tx)
        .updateTable('ledger_facets_head')
        .set({ ...move.to })
        .where('tenant', '=', tenant)
        .where('version', '=', move.from.version)
        .where('size', '=', move.from.size)
        .executeTakeFirst();
      if (moved.numUpdatedRows !== 1n) return false;
      await insertRows(tx, insertOfFacets(tenant, rows));
      return true;
    },

    async begin(tx: Db, head: FacetsHead): Promise<void> {
      await tables(tx)
        .insertInto('ledger_facets_head')
        .values({ ...head, tenant })
        .onConflict((conflict) => conflict.column('tenant').doNothing())
        .execute();
    },

    /** Forgets how far they are made: they are made again from the first entry on. */
    async forgetHead(tx: Db): Promise<void> {
      await tables(tx).deleteFrom('ledger_facets_head').where('tenant', '=', tenant).execute();
    },

    /** Takes some rows away; answers whether there were any. */
    async removeSome(db: Db): Promise<boolean> {
      const some = tables(db)
        .selectFrom('ledger_facets')
        .select('idx')
        .where('tenant', '=', tenant)
        .orderBy('idx')
        .limit(REMOVED_MAX);
      const gone = await tables(db)
        .deleteFrom('ledger_facets')
        .where('tenant', '=', tenant)
        .where('idx', 'in', some)
        .executeTakeFirst();
      return gone.numDeletedRows > 0n;
    },

    async range(db: Db, start: number, end: number): Promise<FacetRow[]> {
      const rows = await tables(db)
        .selectFrom('ledger_facets')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('idx', '>=', start)
        .where('idx', '<', end)
        .orderBy('idx')
        .execute();
      return rows.map(read);
    },

    /** Which of these entries have an identity proof behind them. */
    async proved(db: Db, evidenceIds: readonly string[]): Promise<ReadonlySet<string>> {
      if (evidenceIds.length === 0) return new Set();
      const byHash = new Map(evidenceIds.map((id) => [erasedIdHash(id), id]));
      const rows = await tables(db)
        .selectFrom('ledger_entries as e')
        .leftJoin('ledger_facets as f', (join) =>
          join.onRef('f.tenant', '=', 'e.tenant').onRef('f.idx', '=', 'e.idx'),
        )
        .select('e.evidence_id')
        .where('e.tenant', '=', tenant)
        .where(withinLog(tenant, 'e.idx'))
        // Of an erased entry the row itself says so: it has no facets any more, and no id but its hash.
        .where(({ or, eb }) => or([eb('f.root', '=', 'proof'), eb('e.kind', '=', ERASED_PROVED)]))
        .where(among('e.evidence_id', 'text', [...evidenceIds, ...byHash.keys()]))
        .execute();
      return new Set(rows.map((row) => byHash.get(row.evidence_id) ?? row.evidence_id));
    },
  };
}

/** The rows as they are written. */
export function insertOfFacets(tenant: string, rows: readonly FacetRow[]): Insert {
  return insertOf(
    target,
    rows.map((row) => ({
      tenant,
      idx: row.index,
      kind: row.kind,
      at: new Date(row.at),
      action: row.action ?? null,
      outcome: row.outcome ?? null,
      root: row.root,
      shown: row.shown.join(',') || null,
      masked: row.masked.join(',') || null,
      release: row.release ?? null,
    })),
  );
}

function read(row: FacetsTable): FacetRow {
  return {
    index: row.idx,
    kind: row.kind,
    at: row.at.toISOString(),
    ...(row.action !== null && { action: row.action }),
    // Only what `facetsOf` made is written into these two.
    ...(row.outcome !== null && { outcome: row.outcome as NonNullable<Facets['outcome']> }),
    root: row.root as Root,
    shown: row.shown?.split(',') ?? [],
    masked: row.masked?.split(',') ?? [],
    ...(row.release !== null && { release: row.release }),
  };
}
