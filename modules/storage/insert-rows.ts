import { CompiledQuery } from 'kysely';
import type { Db } from './types.ts';

/** How a column's values are read from their text. */
export type ColumnType = 'text' | 'bigint' | 'integer' | 'timestamptz' | 'bytea';

/** A table as rows are written into it: each column with its type. */
export interface InsertTarget<R extends object> {
  readonly table: string;
  readonly columns: Readonly<Record<keyof R & string, ColumnType>>;
}

/** Portable SQL: so many rows in one statement at most. */
const ROWS_MAX = 1_000;

/**
 * Writes many rows. One array for each column: the statement is the same for any number of rows, so
 * that neither this process nor the server reads a text that grows with them.
 */
export async function insertRows<R extends object>(
  db: Db,
  target: InsertTarget<R>,
  rows: readonly R[],
): Promise<void> {
  // The names of a record that must have all columns, and no others.
  const names = Object.keys(target.columns) as (keyof R & string)[];
  const text = statementOf(target, names);
  for (let start = 0; start < rows.length; start += ROWS_MAX) {
    const chunk = rows.slice(start, start + ROWS_MAX);
    const values = names.map((name) => chunk.map((row) => row[name]));
    await db.executeQuery(CompiledQuery.raw(text, values));
  }
}

function statementOf<R extends object>(
  { table, columns }: InsertTarget<R>,
  names: readonly (keyof R & string)[],
): string {
  const quoted = names.map((name) => `"${name}"`).join(', ');
  // By way of `text`: both engines then take the array as it is spelled, whatever its type.
  const arrays = names.map((name, at) => `$${at + 1}::text::${columns[name]}[]`).join(', ');
  return `insert into "${table}" (${quoted}) select * from unnest(${arrays})`;
}
