import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import type { Migration, Storage } from '../types.ts';
import { endCopy, refuseCopies } from './copy-register.ts';
import { copyStorage } from './copy-storage.ts';

const migrations: readonly Migration[] = [
  {
    id: 'copied-1',
    why: 'A table of every type of value, one with a key of several columns, and an empty one.',
    sql: `
CREATE TABLE every_value (
  id text PRIMARY KEY, n bigint, i integer, b boolean, at timestamptz, j jsonb, y bytea, t text[],
  f double precision, d numeric
);
CREATE TABLE a_key_of_three (tenant text, idx bigint, name text, PRIMARY KEY (tenant, idx, name));
CREATE TABLE nothing_in_it (id text PRIMARY KEY)`,
  },
];
const ROWS = 1_203;

let from: Storage;
let to: Storage;
beforeEach(async () => {
  [from, to] = await Promise.all([openTestStorage(migrations), openTestStorage([])]);
  await sql`drop table storage_migrations`.execute(to.db);
  await sql`insert into every_value values
    ('a', ${Number.MAX_SAFE_INTEGER}, -1, true, '2026-11-22T12:00:00.123456+05:30', '{"b": [1, null, "\\"x"]}',
     '\\x00ff', array['plain', 'with "quotes", {braces} and \\', null, ''], 0.1, 12345678901234567890.00100),
    ('it’s "quoted", {so} and \\', null, null, null, null, null, null, null, null, null),
    ('ünïcode \u{1f600}', 0, 0, false, '-infinity', 'null', '', '{}', 'NaN', 0)`.execute(from.db);
  await sql`insert into a_key_of_three
    select 'ab'::text || n % 3, n, 'name ' || n from generate_series(1, ${ROWS}) n`.execute(
    from.db,
  );
});
afterEach(async () => {
  await Promise.all([from.close(), to.close()]);
});

const copy = (change: Partial<Parameters<typeof copyStorage>[0]> = {}) =>
  copyStorage({ from, to, migrations, identity: 'state one', ...change });

/** Every row as text, in an order that no engine's rules for texts change. */
async function textsOf({ db }: Storage): Promise<readonly unknown[]> {
  const { rows } = await sql`select row_to_json(r)::text as row from every_value r
    union all select row_to_json(r)::text from a_key_of_three r`.execute(db);
  return rows.map((row) => JSON.stringify(row)).sort();
}

describe('a copy of a database', () => {
  it('has every row to the letter, whatever its type, and can then be used', async () => {
    await expect(copy()).resolves.toEqual({ tables: 3, rows: ROWS + 3 });
    expect(await textsOf(to)).toEqual(await textsOf(from));
    await expect(refuseCopies(to.db)).rejects.toThrow(/unfinished copy/);
    await expect(refuseCopies(from.db)).resolves.toBeUndefined();
    await endCopy(from, to);
    await expect(refuseCopies(to.db)).resolves.toBeUndefined();
    await expect(refuseCopies(from.db)).rejects.toThrow(/was moved to another server/);
  });

  it('goes on where it was broken off, in the middle of a table too', async () => {
    let transactions = 0;
    const breaking: Storage = {
      ...to,
      transaction: (work) => {
        transactions += 1;
        // The register, and the first two pages of the first table.
        if (transactions > 3) throw new Error('broken off');
        return to.transaction(work);
      },
    };
    await expect(copy({ to: breaking })).rejects.toThrow('broken off');
    const before = await sql<{ n: number }>`select count(*) as n from a_key_of_three`.execute(
      to.db,
    );
    expect(before.rows[0]?.n).toBeGreaterThan(0);
    expect(before.rows[0]?.n).toBeLessThan(ROWS);
    await expect(refuseCopies(to.db)).rejects.toThrow(/unfinished copy/);
    await expect(copy()).resolves.toEqual({ tables: 3, rows: ROWS + 3 });
    expect(await textsOf(to)).toEqual(await textsOf(from));
  });

  it('is not gone on with when the old database is no longer in the state that it was of', async () => {
    await copy();
    await expect(copy({ identity: 'state two' })).rejects.toThrow(/of another state/);
  });

  it('is not made into a database in which anything is', async () => {
    await sql`create table somebodys (id text primary key)`.execute(to.db);
    await expect(copy()).rejects.toThrow(/not empty/);
    const { rows } = await sql`select 1 from pg_class where relname = 'storage_copy'
      and relnamespace = current_schema()::regnamespace`.execute(to.db);
    expect(rows).toEqual([]);
  });

  it.each([
    ['a row that was changed', sql`update a_key_of_three set name = 'other' where idx = 7`],
    ['a row that is gone', sql`delete from a_key_of_three where idx = 7`],
    ['a row too many', sql`insert into nothing_in_it values ('x')`],
  ])('is not taken for the same with %s', async (_, statement) => {
    await copy();
    await statement.execute(to.db);
    await expect(copy()).rejects.toThrow(/they are not the same/);
  });
});
