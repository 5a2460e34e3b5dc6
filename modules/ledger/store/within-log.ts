import type { Db } from '@proofline/storage';
import { sql, type RawBuilder, type SqlBool } from 'kysely';

/**
 * The row stands in the log: the working login may add rows to these tables, and only what the head counts
 * is log. The head moves in the transaction that writes the rows, so no entry is cut off by it.
 */
export function withinLog(tenant: string, place = 'idx'): RawBuilder<SqlBool> {
  const at = sql.ref(place);
  return sql`${at} >= 0 and ${at} < (select size from ledger_head where tenant = ${tenant})`;
}

/** Tables whose rows stand at places of the log. */
export type PlacedTable = 'ledger_entries' | 'ledger_refs' | 'ledger_facets';

const COUNT_MAX = 10;

/** The lowest and the highest places that a table has: whatever is outside of the log is among them. */
export async function outermostPlaces(
  db: Db,
  tenant: string,
  table: PlacedTable,
): Promise<readonly number[]> {
  const first = (order: 'asc' | 'desc') =>
    sql<{ idx: number }>`select distinct idx from ${sql.table(table)} where tenant = ${tenant}
      order by idx ${sql.raw(order)} limit ${COUNT_MAX}`.execute(db);
  const [lowest, highest] = [await first('asc'), await first('desc')];
  const places = new Set([...lowest.rows, ...highest.rows].map(({ idx }) => idx));
  return [...places].toSorted((left, right) => left - right);
}
