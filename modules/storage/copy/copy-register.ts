import { sql } from 'kysely';
import { StorageError } from '../database-error.ts';
import type { Db, Storage } from '../types.ts';
import type { Place } from './table-pages.ts';

/**
 * How far a copy has come: a table in the database that is being filled. As long as it is there, nobody
 * takes that database for a whole one.
 */
type RegisterTable = {
  storage_copy: { name: string; place: string; rows: number; done: boolean };
};

/** The row that says what is being copied. No table has this name. */
const OF = '';

/** How far one table has come. */
export interface Progress {
  /** The key of the last row that was copied. */
  readonly place: Place | undefined;
  readonly rows: number;
  readonly isDone: boolean;
}

const register = (db: Db) => db.withTables<RegisterTable>();

/** What is being copied into this database; `undefined`: nothing. */
export async function findCopy(db: Db): Promise<string | undefined> {
  if (!(await hasTable(db, 'storage_copy'))) return undefined;
  const row = await register(db)
    .selectFrom('storage_copy')
    .select('place')
    .where('name', '=', OF)
    .executeTakeFirst();
  return row?.place ?? '';
}

/** Says, in an empty database, what is going to be copied into it. */
export async function beginCopy(storage: Storage, identity: string): Promise<void> {
  await storage.transaction(async (tx) => {
    await sql`create table storage_copy (
      name text primary key, place text not null, rows bigint not null, done boolean not null
    )`.execute(tx);
    await keepProgress(tx, OF, { place: identity, rows: 0, done: false });
  });
}

/** How far this table has come. */
export async function findProgress(db: Db, table: string): Promise<Progress> {
  const row = await register(db)
    .selectFrom('storage_copy')
    .selectAll()
    .where('name', '=', table)
    .executeTakeFirst();
  if (!row) return { place: undefined, rows: 0, isDone: false };
  // Written just below, as the JSON of a key.
  return { place: JSON.parse(row.place) as Place, rows: row.rows, isDone: row.done };
}

/** In the transaction that copies the rows: both are there, or neither. */
export async function keepProgress(
  tx: Db,
  name: string,
  progress: Omit<RegisterTable['storage_copy'], 'name'>,
): Promise<void> {
  await register(tx)
    .insertInto('storage_copy')
    .values({ name, ...progress })
    .onConflict((conflict) => conflict.column('name').doUpdateSet(progress))
    .execute();
}

/**
 * The switch: from here on the copy is the database, and the other one says so of itself. First the old one
 * is closed, so that at no moment there are two.
 */
export async function endCopy(from: Storage, to: Storage): Promise<void> {
  await from.transaction((tx) =>
    sql`create table if not exists storage_moved (moved boolean primary key)`.execute(tx),
  );
  await to.transaction((tx) => sql`drop table storage_copy`.execute(tx));
}

/**
 * For every start: a database that is being filled, or that was moved away, is none to work with.
 *
 * @throws StorageError saying which it is, and what to do.
 */
export async function refuseCopies(db: Db): Promise<void> {
  if (await hasTable(db, 'storage_copy')) {
    throw new StorageError(
      'the database holds an unfinished copy: run ‘proofline migrate’ again, which goes on with it ' +
        '(docs/runbooks/moving-the-database.md)',
    );
  }
  if (await hasTable(db, 'storage_moved')) {
    throw new StorageError(
      'the database was moved to another server by ‘proofline migrate’: set DATABASE_URL to that one ' +
        '(docs/runbooks/moving-the-database.md)',
    );
  }
}

async function hasTable(db: Db, name: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select 1 from pg_class where relname = ${name}
      and relnamespace = current_schema()::regnamespace) as found`.execute(db);
  return rows[0]?.found === true;
}
