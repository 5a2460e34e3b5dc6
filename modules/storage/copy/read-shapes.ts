import { sql } from 'kysely';
import { StorageError } from '../database-error.ts';
import type { Db } from '../types.ts';

/** A table as it is copied: every value by way of its text. */
export interface TableShape {
  readonly name: string;
  /** In the order of the table, with the name of the type as SQL spells it. */
  readonly columns: readonly ColumnShape[];
  /** The columns of the primary key, in its order. */
  readonly key: readonly ColumnShape[];
}

interface ColumnShape {
  readonly name: string;
  readonly type: string;
}

/** What is the copy’s own business, or is made by the migrations themselves. */
const NOT_COPIED = new Set(['storage_migrations', 'storage_copy', 'storage_moved']);

/**
 * Every table of ours, by name.
 *
 * @throws StorageError for a table without a primary key, which could not be read in pages.
 */
export async function readShapes(db: Db): Promise<readonly TableShape[]> {
  const { rows } = await sql<{ name: string; columns: unknown; key: unknown }>`
    select c.relname::text as name,
      (select jsonb_agg(jsonb_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by a.attnum)
        from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
      (select jsonb_agg(jsonb_build_object(
          'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) order by k.place)
        from pg_index i, unnest(i.indkey::int2[]) with ordinality as k (attnum, place), pg_attribute a
        where i.indrelid = c.oid and i.indisprimary
          and a.attrelid = c.oid and a.attnum = k.attnum) as key
    from pg_class c
    where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p')
      and c.relowner = (select m.relowner from pg_class m
        where m.relnamespace = c.relnamespace and m.relname = 'storage_migrations')
    order by c.relname`.execute(db);
  return rows
    .filter(({ name }) => !NOT_COPIED.has(name))
    .map(({ name, columns, key }) => {
      if (!key) throw new StorageError(`the table ${name} has no primary key and cannot be copied`);
      // The query above builds both.
      return { name, columns: columns as ColumnShape[], key: key as ColumnShape[] };
    });
}

/** How many tables there are in the schema, whoever’s they are. */
export async function countTables(db: Db): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*) as n from pg_class
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`.execute(db);
  return rows[0]?.n ?? 0;
}
