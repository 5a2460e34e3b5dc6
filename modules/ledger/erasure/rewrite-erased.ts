import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { tables } from '../store/tables.ts';

/** Where something erased may still lie in what the database keeps of old rows. */
const REWRITTEN = [
  'ledger_entries',
  'ledger_refs',
  'ledger_facets',
  'ledger_outbox',
  'ledger_keys',
  'ledger_disclosures',
  'ledger_pseudonyms',
];
/** The log of the database moves on by whole files; the last ones are written over in turn. */
const SWITCHES = 3;

/**
 * Rewrites the tables after an erasure, and lets the write-ahead log move on, so that no file of the
 * database holds what was erased. As who owns the tables, before the second wall is raised and before
 * anybody is served: a table is locked meanwhile. Answers whether there was anything to do.
 *
 * For the embedded database. On a server it would lock out the others who work there, so its
 * operator does it (docs/guides/erase-personal-data.md).
 */
export async function rewriteErased(
  { db, transaction }: Pick<Storage, 'db' | 'transaction'>,
  tenant: string,
): Promise<boolean> {
  const row = await tables(db)
    .selectFrom('ledger_forgetting')
    .select(['number', 'rewritten'])
    .where('tenant', '=', tenant)
    .executeTakeFirst();
  if (!row || row.rewritten >= row.number) return false;
  for (const table of REWRITTEN) await sql`vacuum full ${sql.table(table)}`.execute(db);
  for (let turn = 0; turn < SWITCHES; turn += 1) {
    await sql`checkpoint`.execute(db);
    await sql`select pg_switch_wal()`.execute(db);
  }
  await transaction((tx) =>
    tables(tx)
      .updateTable('ledger_forgetting')
      .set({ rewritten: row.number })
      .where('tenant', '=', tenant)
      .execute(),
  );
  return true;
}
