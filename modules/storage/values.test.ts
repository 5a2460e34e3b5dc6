import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { insertOf, insertRows, type InsertTarget } from './insert-rows.ts';
import type { Storage } from './types.ts';

// The run repeats this file on PostgreSQL: the same rows must come back from both engines.
describe('values are the same on every engine', () => {
  let storage: Storage;
  beforeAll(async () => {
    storage = await openTestStorage([]);
  });
  afterAll(() => storage.close());

  const selected = async (expression: string): Promise<unknown> => {
    const query = sql<{ value: unknown }>`select ${sql.raw(expression)} as value`;
    const { rows } = await query.execute(storage.db);
    return rows[0]?.value;
  };

  it.each([
    ['int8 as a number', '9007199254740991::int8', Number.MAX_SAFE_INTEGER],
    ['count(*) as a number', '(select count(*) from (values (1), (2)) as v)', 2],
    ['timestamptz as a Date', `'2026-11-21T08:00:00.125+02'::timestamptz`, at(1125)],
    ['jsonb parsed', `'{"a": [1, "ü", null, 1.5]}'::jsonb`, { a: [1, 'ü', null, 1.5] }],
    ['json null as null', `'null'::jsonb`, null],
    ['bytea as bytes', `'\\x00ff10'::bytea`, new Uint8Array([0, 255, 16])],
    ['text[] with quotes and nulls', `array['a"b', 'c\\d', null, 'NULL']`, Q],
    ['an empty array', `'{}'::text[]`, []],
    ['an array of odd texts', `array['', ' ', '{}', 'a,b', E'\\n']`, ['', ' ', '{}', 'a,b', '\n']],
    ['timestamptz[] as Dates', `array['2026-11-21T06:00:00Z'::timestamptz]`, [at(1000)]],
    ['int8[] as numbers', 'array[1, 2]::int8[]', [1, 2]],
    ['bool[] as booleans', 'array[true, false, null]', [true, false, null]],
    ['numeric as text', '1.10::numeric', '1.10'],
    ['date as text', `'2026-11-21'::date`, '2026-11-21'],
    ['float8 as a number', '0.1::float8', 0.1],
    ['uuid as text', `'00000000-0000-7000-8000-000000000000'::uuid`, UUID],
    ['null as null', 'null::int8', null],
  ])('reads %s', async (_name, expression, expected) => {
    expect(await selected(expression)).toStrictEqual(expected);
  });

  it('refuses to round a bigint beyond 2^53', async () => {
    await expect(selected('9007199254740993::int8')).rejects.toThrow(/2\^53/);
    // The connection is still of use.
    expect(await selected('1')).toBe(1);
  });

  it('takes parameters of every kind', async () => {
    const { rows } = await sql`select
      ${7}::int4 as i, ${2n ** 40n}::int8 as b, ${true}::bool as t, ${'x'}::text as s,
      ${at(5)}::timestamptz as d, ${{ a: 'ü' }}::jsonb as j, ${JSON.stringify([1])}::jsonb as l,
      ${new Uint8Array([0, 9])}::bytea as y, ${['a"', 'b\\', null]}::text[] as r,
      ${null}::text as n, ${undefined}::text as u, ${'b'} = any(${['a', 'b']}::text[]) as m
    `.execute(storage.db);
    const i = { i: 7, b: 2 ** 40, t: true, s: 'x', d: at(5), j: { a: 'ü' }, l: [1] };
    const y = { y: new Uint8Array([0, 9]), r: ['a"', 'b\\', null], n: null, u: null, m: true };
    expect(rows[0]).toStrictEqual({ ...i, ...y });
  });

  it('writes many rows at once, and as they are', async () => {
    await sql`create table many (id bigint primary key, t text, n integer, d timestamptz, y bytea)`.execute(
      storage.db,
    );
    const target: InsertTarget<Many> = {
      table: 'many',
      columns: { id: 'bigint', t: 'text', n: 'integer', d: 'timestamptz', y: 'bytea' },
    };
    const rows = ODD_TEXTS.map((t, id): Many => {
      return { id: 2 ** 40 + id, t, n: id % 2 ? null : id, d: at(id), y: new Uint8Array([id, 92]) };
    });
    await insertRows(storage.db, insertOf(target, rows));
    await insertRows(storage.db, insertOf(target, []));
    // More than go into one statement.
    const more = Array.from({ length: 1_001 }, (_, id) => ({ ...rows[0]!, id }));
    await insertRows(storage.db, insertOf(target, more));
    const { rows: read } = await sql`select * from many order by id`.execute(storage.db);
    expect(read).toStrictEqual([...more, ...rows]);
  });

  it('counts the rows that a write touched', async () => {
    await sql`create table counted (n integer primary key)`.execute(storage.db);
    const inserted = await sql`insert into counted values (1), (2), (3)`.execute(storage.db);
    expect(inserted.numAffectedRows).toBe(3n);
    const updated = await sql`update counted set n = n + 10 where n > ${1}`.execute(storage.db);
    expect(updated.numAffectedRows).toBe(2n);
    const none = await sql`update counted set n = 0 where n = ${99}`.execute(storage.db);
    expect(none.numAffectedRows).toBe(0n);
  });

  it('says which constraint failed, and quotes no row', async () => {
    await sql`create table named (email text constraint named_once unique)`.execute(storage.db);
    await sql`insert into named values ('ada@example.org')`.execute(storage.db);
    const again = sql`insert into named values (${'ada@example.org'})`.execute(storage.db);
    const error: unknown = await again.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: '23505', constraint: 'named_once', table: 'named' });
    expect(JSON.stringify(error) + String(error)).not.toContain('ada@');
    const bad = sql`select ${'ada@example.org'}::int4`.execute(storage.db);
    await expect(bad).rejects.toThrow(/^22P02: (?!.*ada@)/);
  });
});

interface Many {
  readonly id: number;
  readonly t: string | null;
  readonly n: number | null;
  readonly d: Date;
  readonly y: Uint8Array;
}
const ODD_TEXTS = [
  'a',
  '',
  '{}',
  '"',
  '\\',
  'a,b',
  'NULL',
  null,
  '\n\t',
  '{"j":"\\"ü😀\\""}',
  '"\n\\',
  '\u007f"\u2028',
];
const UUID = '00000000-0000-7000-8000-000000000000';
const Q = ['a"b', 'c\\d', null, 'NULL'];

function at(ms: number): Date {
  return new Date(Date.UTC(2026, 10, 21, 6, 0, 0) - 1000 + ms);
}
