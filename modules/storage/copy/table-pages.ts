import { CompiledQuery, sql } from 'kysely';
import type { Db, Storage } from '../types.ts';
import type { TableShape } from './read-shapes.ts';

/** Of a row, the text of each column, or null. */
export type TextRow = readonly (string | null)[];

/** The key of a row, as texts. */
export type Place = readonly string[];

/** Portable SQL: at most 1,000 rows; and few enough that a page of large ones fits into memory. */
const PAGE_ROWS = 500;

/** The rows of a table in the order of its key, a page at a time, from behind `after`. */
export async function* pagesOf(
  storage: Pick<Storage, 'transaction'>,
  shape: TableShape,
  after?: Place,
): AsyncGenerator<readonly TextRow[]> {
  let place = after;
  for (;;) {
    const page = await storage.transaction((tx) => readPage(tx, shape, place));
    if (page.length > 0) yield page;
    const last = page.at(-1);
    if (page.length < PAGE_ROWS || last === undefined) return;
    place = placeOf(shape, last);
  }
}

/** The key of a row; a column of a key is never null. */
export function placeOf({ columns, key }: TableShape, row: TextRow): Place {
  return key.map(({ name }) => row[columns.findIndex((column) => column.name === name)] ?? '');
}

/** Adds rows to a table. */
export async function addRows(tx: Db, shape: TableShape, rows: readonly TextRow[]): Promise<void> {
  const { name, columns } = shape;
  const names = columns.map((column) => quote(column.name)).join(', ');
  const arrays = columns.map((_, at) => `$${at + 1}::text::text[]`).join(', ');
  const aliases = columns.map((_, at) => `c${at}`);
  const values = columns.map(({ type }, at) => `${aliases[at]}::${type}`).join(', ');
  const text =
    `insert into ${quote(name)} (${names}) select ${values} ` +
    `from unnest(${arrays}) as t (${aliases.join(', ')})`;
  const parameters = columns.map((_, at) => rows.map((row) => row[at] ?? null));
  await tx.executeQuery(CompiledQuery.raw(text, parameters));
}

async function readPage(tx: Db, shape: TableShape, after?: Place): Promise<readonly TextRow[]> {
  await spellAlike(tx);
  const { name, columns, key } = shape;
  const shown = columns.map((column, at) => `${quote(column.name)}::text as c${at}`).join(', ');
  const order = key.map((column) => quote(column.name)).join(', ');
  const bounds = key.map(({ type }, at) => `$${at + 1}::text::${type}`).join(', ');
  const behind = after ? `where (${order}) > (${bounds})` : '';
  const text = `select ${shown} from ${quote(name)} ${behind} order by ${order} limit ${PAGE_ROWS}`;
  const found = await tx.executeQuery<Record<string, string | null>>(
    CompiledQuery.raw(text, after ? [...after] : []),
  );
  return found.rows.map((row) => columns.map((_, at) => row[`c${at}`] ?? null));
}

/** A value has one spelling on both sides, whatever the server or its login prefers. */
async function spellAlike(tx: Db): Promise<void> {
  await sql`select set_config('timezone', 'UTC', true), set_config('datestyle', 'ISO, MDY', true),
    set_config('intervalstyle', 'postgres', true), set_config('bytea_output', 'hex', true),
    set_config('extra_float_digits', '1', true)`.execute(tx);
}

/** Names come from the catalog of the database. */
function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
