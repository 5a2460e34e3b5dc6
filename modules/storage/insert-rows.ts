import { CompiledQuery } from 'kysely';
import type { Db, Insert } from './types.ts';

/** How a column's values are read from their text. */
export type ColumnType = 'text' | 'bigint' | 'integer' | 'timestamptz' | 'bytea';

/** A table as rows are written into it: each column with its type. */
export interface InsertTarget<R extends object> {
  readonly table: string;
  readonly columns: Readonly<Record<keyof R & string, ColumnType>>;
}

/** Portable SQL: so many rows in one statement at most. */
const ROWS_MAX = 1_000;

/** Rows for a table. */
export function insertOf<R extends object>(target: InsertTarget<R>, rows: readonly R[]): Insert {
  // The names of a record that must have all columns, and no others.
  const names = Object.keys(target.columns) as (keyof R & string)[];
  const columns = names.map((name) => ({ name, type: target.columns[name] }));
  return { table: target.table, columns, rows: rows.map((row) => names.map((name) => row[name])) };
}

/** Whether one statement may write all of it. */
export function isOneStatement(inserts: readonly Insert[]): boolean {
  return inserts.every(({ rows }) => rows.length <= ROWS_MAX);
}

/**
 * Writes many rows, of one table or of several. One array for each column: the statement is the same
 * for any number of rows, so that neither this process nor the server reads a text that grows with them.
 *
 * One statement up to a thousand rows of a table, and several beyond that: without a transaction
 * around them, only what {@link isOneStatement} is written whole or not at all.
 */
export async function insertRows(db: Db, ...inserts: readonly Insert[]): Promise<void> {
  const isEmpty = ({ rows }: Insert) => rows.length === 0;
  let rest = inserts.filter((one) => !isEmpty(one));
  while (rest.length > 0) {
    const now = rest.map((one) => ({ ...one, rows: one.rows.slice(0, ROWS_MAX) }));
    await db.executeQuery(CompiledQuery.raw(statementOf(now), now.flatMap(arraysOf)));
    rest = rest
      .map((one) => ({ ...one, rows: one.rows.slice(ROWS_MAX) }))
      .filter((one) => !isEmpty(one));
  }
}

function arraysOf({ columns, rows }: Insert): unknown[] {
  return columns.map((_, at) => rows.map((row) => row[at]));
}

/** Inserts of a `with` are carried out whether anybody reads them or not (PostgreSQL manual §7.8.4). */
function statementOf(inserts: readonly Insert[]): string {
  let parameters = 0;
  const texts = inserts.map(({ table, columns }) => {
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    // By way of `text`: both engines then take the array as it is spelled, whatever its type.
    const arrays = columns.map(({ type }) => `$${(parameters += 1)}::text::${type}[]`).join(', ');
    return `insert into "${table}" (${names}) select * from unnest(${arrays})`;
  });
  const last = texts.pop() ?? '';
  if (texts.length === 0) return last;
  return `with ${texts.map((text, at) => `part${at} as (${text})`).join(', ')} ${last}`;
}

/**
 * Removes the rows of these keys. Joined with them, and not asked column by column (`a = any(…) and
 * b = any(…)`), which a server may answer by trying every pair.
 */
export async function deleteRows(db: Db, keys: Insert): Promise<void> {
  for (let start = 0; start < keys.rows.length; start += ROWS_MAX) {
    const some = { ...keys, rows: keys.rows.slice(start, start + ROWS_MAX) };
    const names = keys.columns.map(({ name }) => `"${name}"`);
    const arrays = keys.columns.map(({ type }, at) => `$${at + 1}::text::${type}[]`);
    const same = names.map((name) => `"${keys.table}".${name} = gone.${name}`).join(' and ');
    const text =
      `delete from "${keys.table}" using unnest(${arrays.join(', ')}) ` +
      `as gone (${names.join(', ')}) where ${same}`;
    await db.executeQuery(CompiledQuery.raw(text, arraysOf(some)));
  }
}
