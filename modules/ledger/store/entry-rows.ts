import { among, insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { chunksOf, tables, type EntriesTable } from './tables.ts';
import { withinLog } from './within-log.ts';

/** An entry of the log with its place. */
export interface EntryRow {
  readonly index: number;
  readonly evidenceId: string;
  readonly kind: string;
  readonly at: Date;
  readonly leaf: string;
  readonly leafHash: Uint8Array;
}

/** What a search asks. All of it narrows. */
export interface EntryQuery {
  /** Entries that hold any of these values in any role. */
  readonly values?: readonly string[] | undefined;
  readonly kind?: string | undefined;
  /** Only entries before this index. */
  readonly before?: number | undefined;
  readonly count: number;
}

const target: InsertTarget<EntriesTable> = {
  table: 'ledger_entries',
  columns: {
    tenant: 'text',
    idx: 'bigint',
    evidence_id: 'text',
    kind: 'text',
    at: 'timestamptz',
    leaf: 'text',
    leaf_hash: 'bytea',
  },
};

/**
 * SQL of the table `ledger_entries`: insert and read. Nothing changes an entry. What is not asked for by
 * a range is looked for in the log only ({@link withinLog}).
 */
export function entryRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('ledger_entries').selectAll().where('tenant', '=', tenant);
  return {
    /** To be written together with other rows. */
    insertOf: (rows: readonly EntryRow[]): Insert =>
      insertOf(
        target,
        rows.map((row) => ({ ...write(row), tenant })),
      ),

    /** Entries `start` (inclusive) to `end` (exclusive), by index. */
    async range(db: Db, start: number, end: number): Promise<EntryRow[]> {
      const rows = await from(db)
        .where('idx', '>=', start)
        .where('idx', '<', end)
        .orderBy('idx')
        .execute();
      return rows.map(read);
    },

    /** The leaf hashes of a range, without the leaves. */
    async leafHashes(db: Db, start: number, end: number): Promise<Uint8Array[]> {
      const rows = await tables(db)
        .selectFrom('ledger_entries')
        .select('leaf_hash')
        .where('tenant', '=', tenant)
        .where('idx', '>=', start)
        .where('idx', '<', end)
        .orderBy('idx')
        .execute();
      return rows.map((row) => row.leaf_hash);
    },

    /** Which of these ids are in the log, as far as this one knows it: rows beyond that prove nothing. */
    async findIds(db: Db, ids: readonly string[], size: number): Promise<ReadonlySet<string>> {
      const rows = await tables(db)
        .selectFrom('ledger_entries')
        .select('evidence_id')
        .where('tenant', '=', tenant)
        .where('idx', '<', size)
        .where(among('evidence_id', 'text', ids))
        .execute();
      return new Set(rows.map((row) => row.evidence_id));
    },

    async findByIds(db: Db, ids: readonly string[]): Promise<EntryRow[]> {
      const found: EntryRow[] = [];
      for (const chunk of chunksOf(ids)) {
        const rows = await from(db)
          .where(withinLog(tenant))
          .where('evidence_id', 'in', [...chunk])
          .execute();
        found.push(...rows.map(read));
      }
      return found;
    },

    async findByIndexes(db: Db, indexes: readonly number[]): Promise<EntryRow[]> {
      const found: EntryRow[] = [];
      for (const chunk of chunksOf(indexes)) {
        const rows = await from(db)
          .where(withinLog(tenant))
          .where('idx', 'in', [...chunk])
          .execute();
        found.push(...rows.map(read));
      }
      return found;
    },

    /** Newest first. */
    async search(db: Db, query: EntryQuery): Promise<EntryRow[]> {
      return (await matching(db, query).selectAll().execute()).map(read);
    },
  };

  function matching(db: Db, query: EntryQuery) {
    let rows = tables(db)
      .selectFrom('ledger_entries')
      .where('tenant', '=', tenant)
      // An erased entry is found by nothing but its place, and whoever holds its id.
      .where('leaf', '<>', '')
      .where(withinLog(tenant))
      .orderBy('idx', 'desc')
      .limit(query.count);
    const { before, values, kind } = query;
    if (values) {
      const named = tables(db)
        .selectFrom('ledger_refs')
        .select('idx')
        .where('tenant', '=', tenant)
        .where('value', 'in', [...values]);
      rows = rows.where('idx', 'in', named);
    }
    if (kind !== undefined) rows = rows.where('kind', '=', kind);
    if (before !== undefined) rows = rows.where('idx', '<', before);
    return rows;
  }
}

function write(row: EntryRow): Omit<EntriesTable, 'tenant'> {
  return {
    idx: row.index,
    evidence_id: row.evidenceId,
    kind: row.kind,
    at: row.at,
    leaf: row.leaf,
    leaf_hash: row.leafHash,
  };
}

function read(row: EntriesTable): EntryRow {
  return {
    index: row.idx,
    evidenceId: row.evidence_id,
    kind: row.kind,
    at: row.at,
    leaf: row.leaf,
    leafHash: row.leaf_hash,
  };
}
