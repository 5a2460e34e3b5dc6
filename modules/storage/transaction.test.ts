import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { seededRandom } from '@proofline/kernel/node';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { compileOnce } from './compile-once.ts';
import { DatabaseError, isUniqueViolation } from './database-error.ts';
import { insertOf } from './insert-rows.ts';
import type { Db, Storage } from './types.ts';

describe('a transaction', () => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await openTestStorage(
      [{ id: 'test-1', why: 'A counter.', sql: 'create table counter (n integer not null)' }],
      { random: seededRandom('transactions') },
    );
  });
  afterAll(() => storage.close());

  const count = async (db: Db): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from counter`.execute(db);
    return rows[0]?.n ?? -1;
  };

  it('commits all of its statements or none', async () => {
    const before = await count(storage.db);
    const failing = storage.transaction(async (tx) => {
      await sql`insert into counter values (1)`.execute(tx);
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await count(storage.db)).toBe(before);
    await storage.transaction((tx) => sql`insert into counter values (1)`.execute(tx));
    expect(await count(storage.db)).toBe(before + 1);
  });

  it('is serializable', async () => {
    const level = await storage.transaction((tx) =>
      sql<{ transaction_isolation: string }>`show transaction_isolation`.execute(tx),
    );
    expect(level.rows[0]?.transaction_isolation).toBe('serializable');
  });

  it.each(['40001', '40P01'])('is done again after %s, twelve times at most', async (code) => {
    let attempts = 0;
    const conflicting = (succeedsAt: number) =>
      storage.transaction(async () => {
        attempts += 1;
        if (attempts < succeedsAt) throw new DatabaseError({ code, message: 'conflict' });
        return attempts;
      });
    expect(await conflicting(12)).toBe(12);
    attempts = 0;
    await expect(conflicting(13)).rejects.toThrow(/conflict/);
    expect(attempts).toBe(12);
  });

  it('is not done again after any other failure', async () => {
    let attempts = 0;
    const failing = storage.transaction(async (tx) => {
      attempts += 1;
      await sql`select 1 / 0`.execute(tx);
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(attempts).toBe(1);
  });

  it('lets rivals on one row all succeed, each exactly once', async () => {
    await sql`create table balance (id integer primary key, cents integer not null)`.execute(
      storage.db,
    );
    await sql`insert into balance values (1, 0)`.execute(storage.db);
    const addOne = async (tx: Db): Promise<void> => {
      const { rows } = await sql<{ cents: number }>`select cents from balance`.execute(tx);
      await sql`update balance set cents = ${(rows[0]?.cents ?? 0) + 1}`.execute(tx);
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: 4 }, () => storage.transaction(addOne)),
    );
    const succeeded = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const { rows } = await sql<{ cents: number }>`select cents from balance`.execute(storage.db);
    expect(rows[0]?.cents).toBe(succeeded);
    expect(succeeded).toBeGreaterThanOrEqual(1);
  });

  it('works on after a failed statement has ended another one', async () => {
    await sql`create table once (id text primary key)`.execute(storage.db);
    const insert = () =>
      storage.transaction((tx) => sql`insert into once values ('a')`.execute(tx));
    await insert();
    const error: unknown = await insert().catch((thrown: unknown) => thrown);
    expect(isUniqueViolation(error, 'once_pkey')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
    expect(await count(storage.db)).toBeGreaterThan(0);
  });
});

describe('rows of several tables', () => {
  let storage: Storage;
  beforeAll(async () => {
    const tables = 'create table ones (n integer primary key); create table twos (t text not null)';
    storage = await openTestStorage([{ id: 'test-1', why: 'Two tables.', sql: tables }]);
  });
  afterAll(() => storage.close());

  const ones = { table: 'ones', columns: { n: 'integer' } } as const;
  const twos = { table: 'twos', columns: { t: 'text' } } as const;
  const count = (many: number, from = 0) => Array.from({ length: many }, (_, at) => from + at);
  const insert = (numbers: readonly number[], texts: readonly (string | null)[]) =>
    storage.insertAll([
      insertOf<{ n: number }>(
        ones,
        numbers.map((n) => ({ n })),
      ),
      insertOf<{ t: string | null }>(
        twos,
        texts.map((t) => ({ t })),
      ),
    ]);
  const stored = async () => {
    const { rows } = await sql<{ ones: number; twos: number }>`select
      (select count(*)::int from ones) as ones, (select count(*)::int from twos) as twos`.execute(
      storage.db,
    );
    return rows[0];
  };

  it.each([
    ['one statement', 0, 3],
    ['more than go into one', 10_000, 2_500],
  ])('are written all or none, in %s', async (_name, from, many) => {
    const before = await stored();
    // The second table's last row breaks its rule, when all others are written.
    const texts = [...count(many - 1).map(String), null];
    await expect(insert(count(many, from), texts)).rejects.toMatchObject({ code: '23502' });
    // And the first table's, when a key is there already.
    await insert([from + many], []);
    await expect(insert(count(many + 1, from), ['x'])).rejects.toMatchObject({ code: '23505' });
    expect(await stored()).toEqual({ ones: before!.ones + 1, twos: before!.twos });
    await insert(count(many, from), count(many).map(String));
    expect(await stored()).toEqual({ ones: before!.ones + 1 + many, twos: before!.twos + many });
  });

  it('are nothing to do where there are none', async () => {
    const before = await stored();
    await storage.insertAll([]);
    await insert([], []);
    expect(await stored()).toEqual(before);
  });
});

/** What was asked so often that PostgreSQL keeps its plan. */
describe('a table that another node changes', () => {
  let storage: Storage;
  beforeAll(async () => {
    const table = 'create table shapes (id integer primary key); insert into shapes values (1)';
    storage = await openTestStorage([{ id: 'test-1', why: 'A table.', sql: table }]);
  });
  afterAll(() => storage.close());

  const read = async (db: Db) =>
    (await sql`select * from shapes where id = ${1}`.execute(db)).rows[0];
  const often = async () => {
    for (let turn = 0; turn < 10; turn += 1) expect(await read(storage.db)).toBeDefined();
  };

  it('is read as it is now, within a transaction and without', async () => {
    await often();
    await sql`alter table shapes add column a integer default 1`.execute(storage.db);
    expect(await read(storage.db)).toEqual({ id: 1, a: 1 });
    await often();
    await sql`alter table shapes add column b integer default 2`.execute(storage.db);
    expect(await storage.transaction(read)).toEqual({ id: 1, a: 1, b: 2 });
    await often();
    expect(await read(storage.db)).toEqual({ id: 1, a: 1, b: 2 });
  });
});

describe('on the embedded engine', () => {
  it('a body that asks for a second connection is told so, and does not hang', async () => {
    const storage = await openTestStorage([]);
    if (storage.kind === 'embedded') {
      const nested = storage.transaction(() => sql`select 1`.execute(storage.db));
      await expect(nested).rejects.toThrow(/use the handle that it was given/);
    }
    expect((await sql`select 1 as n`.execute(storage.db)).rows).toEqual([{ n: 1 }]);
    await storage.close();
    await expect(sql`select 1`.execute(storage.db)).rejects.toThrow(/closed|destroyed/);
  });
});

describe('statements by key, sent without waiting for each other', () => {
  let storage: Storage;
  beforeAll(async () => {
    const schema = 'create table kept (n integer primary key)';
    storage = await openTestStorage([{ id: 'test-1', why: 'Rows by a key.', sql: schema }]);
  });
  afterAll(() => storage.close());

  const insert = (n: number) => sql`insert into kept values (${n}::integer)`.execute(storage.byKey);
  const find = async (n: number) =>
    (await sql`select n from kept where n = ${n}::integer`.execute(storage.byKey)).rows;

  it('fail alone, and answer whoever asked', async () => {
    // More than once, so that they are prepared while others are under way.
    for (let round = 0; round < 8; round += 1) {
      const [first, again, , found] = await Promise.allSettled([
        insert(round),
        insert(round),
        insert(100 + round),
        find(round),
      ]);
      expect(first.status).toBe('fulfilled');
      expect(again).toMatchObject({ status: 'rejected', reason: { code: '23505' } });
      expect(found).toEqual({ status: 'fulfilled', value: [{ n: round }] });
      expect(await find(100 + round)).toEqual([{ n: 100 + round }]);
    }
  });

  it('bind what each was asked with, though their text is built once', async () => {
    type Kept = { kept: { n: number } };
    const between = compileOnce(
      (db: Db, { from, to }: { readonly from: number; readonly to: number }) =>
        db
          .withTables<Kept>()
          .selectFrom('kept')
          .select('n')
          .where('n', '>=', from)
          .where('n', '<=', to),
    );
    await Promise.all([insert(201), insert(202), insert(203)]);
    const asked = [
      { from: 201, to: 202 },
      { from: 203, to: 300 },
      { from: 202, to: 202 },
    ];
    const found = await Promise.all(asked.map((values) => between(storage.byKey, values)));
    const numbers = found.map(({ rows }) =>
      rows.map(({ n }) => n).sort((one, other) => one - other),
    );
    expect(numbers).toEqual([[201, 202], [203], [202]]);
  });

  it('wait for no row that somebody else holds, and keep nobody waiting behind it', async () => {
    if (storage.kind === 'embedded') return;
    await insert(400);
    await storage.transaction(async (tx) => {
      await sql`select n from kept where n = 400 for update`.execute(tx);
      const held = sql`delete from kept where n = ${400}::integer`.execute(storage.byKey);
      // The statement is broken off; the connection, and what others asked on it, goes on.
      const [refused, behind] = await Promise.allSettled([held, find(400)]);
      expect(refused).toMatchObject({ status: 'rejected', reason: { code: '55P03' } });
      expect(behind).toEqual({ status: 'fulfilled', value: [{ n: 400 }] });
    });
  });

  it('are planned as is said here, also where the server’s URL has options', async () => {
    if (storage.kind === 'embedded') return;
    const setting = async (db: Db, name: string) =>
      (await sql<{ is: string }>`select current_setting(${name}::text) as is`.execute(db)).rows[0]
        ?.is;
    // A test's own schema is such an option.
    expect(await setting(storage.byKey, 'search_path')).toMatch(/^test_/);
    expect(await setting(storage.byKey, 'plan_cache_mode')).toBe('force_generic_plan');
    expect(await setting(storage.byKey, 'enable_seqscan')).toBe('off');
    expect(await setting(storage.db, 'plan_cache_mode')).toBe('force_custom_plan');
  });

  it('never begin a transaction that others would write into', async () => {
    if (storage.kind === 'embedded') return;
    const begun = storage.byKey.transaction().execute(async () => 'begun');
    await expect(begun).rejects.toThrow(/shared connection/);
  });

  it('go on after their connection is lost', async () => {
    if (storage.kind === 'embedded') return;
    const lost = sql`select pg_terminate_backend(pg_backend_pid())`.execute(storage.byKey);
    await expect(lost).rejects.toThrow(/terminat/i);
    await expect.poll(() => find(1).catch(() => 'lost')).toEqual([{ n: 1 }]);
  });
});
