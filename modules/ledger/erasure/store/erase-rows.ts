import { erasedIdHash } from '@proofline/evidence';
import { among, deleteRows, insertOf, type Db, type InsertTarget } from '@proofline/storage';
import { sql } from 'kysely';
import { ERASED, ERASED_PROVED } from '../domain/erased-kinds.ts';
import { tables, type DisclosuresTable, type KeysTable } from '../../store/tables.ts';
import type { FieldSelection } from '../domain/plan.ts';

/** Portable SQL: so many rows in one statement at most. */
const PAGE = 1_000;

type DisclosureKey = Pick<DisclosuresTable, 'tenant' | 'evidence_id' | 'subject' | 'retention'>;
const disclosureKey: InsertTarget<DisclosureKey> = {
  table: 'ledger_disclosures',
  columns: { tenant: 'text', evidence_id: 'text', subject: 'text', retention: 'text' },
};
type DataKey = Omit<KeysTable, 'sealed_key' | 'kek'>;
const dataKey: InsertTarget<DataKey> = {
  table: 'ledger_keys',
  columns: { tenant: 'text', subject: 'text', retention: 'text', month: 'text' },
};

/** SQL that only the role of erasures may run ({@link Storage.erase}). Each answers how many rows went. */
export function eraseRows(tenant: string) {
  return {
    /** One page of disclosures. Fewer than a page: there are no more. */
    async disclosures(tx: Db, selection: FieldSelection): Promise<number> {
      const found = await selected(tx, { table: 'ledger_disclosures', tenant }, selection)
        .select(['tenant', 'evidence_id', 'subject', 'retention'])
        .limit(PAGE)
        .execute();
      await deleteRows(tx, insertOf(disclosureKey, found));
      return found.length;
    },

    async keys(tx: Db, selection: FieldSelection): Promise<number> {
      const found = await selected(tx, { table: 'ledger_keys', tenant }, selection)
        .select(['tenant', 'subject', 'retention', 'month'])
        .limit(PAGE)
        .execute();
      await deleteRows(tx, insertOf(dataKey, found));
      return found.length;
    },

    async pseudonym(tx: Db, pseudonym: string): Promise<void> {
      await tables(tx)
        .deleteFrom('ledger_pseudonyms')
        .where('tenant', '=', tenant)
        .where('pseudonym', '=', pseudonym)
        .execute();
    },

    /**
     * Takes the bytes of entries, all that they are found by and their disclosures. The row keeps its
     * place, its hash, and the hash of its id, by which whoever holds the id finds it.
     */
    async entries(
      tx: Db,
      entries: readonly { index: number; evidenceId: string }[],
    ): Promise<void> {
      const indexes = entries.map(({ index }) => index);
      const ids = entries.map(({ evidenceId }) => evidenceId);
      const db = tables(tx);
      await db
        .deleteFrom('ledger_disclosures')
        .where('tenant', '=', tenant)
        .where(among('evidence_id', 'text', ids))
        .execute();
      await db
        .deleteFrom('ledger_refs')
        .where('tenant', '=', tenant)
        .where(among('idx', 'bigint', indexes))
        .execute();
      const hashes = ids.map(erasedIdHash);
      const proved = db
        .selectFrom('ledger_facets')
        .select('idx')
        .where('tenant', '=', tenant)
        .where('root', '=', 'proof')
        .where(among('idx', 'bigint', indexes));
      await sql`update ledger_entries as e
        set leaf = '', kind = case when gone.idx in (${proved}) then ${ERASED_PROVED} else ${ERASED} end,
          at = to_timestamp(0), evidence_id = gone.hash
        from (select unnest(${indexes}::text::bigint[]) as idx, unnest(${hashes}::text::text[]) as hash)
          as gone
        where e.tenant = ${tenant} and e.idx = gone.idx and e.leaf <> ''`.execute(tx);
      await db
        .deleteFrom('ledger_facets')
        .where('tenant', '=', tenant)
        .where(among('idx', 'bigint', indexes))
        .execute();
    },
  };
}

/** Rows that a selection takes; also read by the forecast, under the working role. */
export function selected(
  db: Db,
  {
    table,
    tenant,
  }: { readonly table: 'ledger_disclosures' | 'ledger_keys'; readonly tenant: string },
  { pseudonym, retention, before, except = [] }: FieldSelection,
) {
  // Both tables have these columns; kysely cannot follow a union of them.
  let rows = tables(db)
    .selectFrom(table as 'ledger_disclosures')
    .where('tenant', '=', tenant);
  if (pseudonym !== undefined) rows = rows.where('subject', '=', pseudonym);
  if (retention !== undefined) rows = rows.where('retention', '=', retention);
  if (before !== undefined) rows = rows.where('month', '<', before);
  if (except.length > 0) {
    rows = rows.where(({ not }) => not(among('subject', 'text', [...except])));
  }
  return rows;
}
