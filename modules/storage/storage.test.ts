import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { cacheDirectory, openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { openStorage } from './index.ts';

describe('smoke', () => {
  it('harness', async () => {
    const s = await openTestStorage([
      {
        id: 'a-1',
        why: '',
        sql: 'create table a (id text primary key, j jsonb not null, t timestamptz not null, n bigint, b bytea, x text[]); create index ai on a (t)',
      },
    ]);
    const t = new Date(1234567890123);
    await s.transaction(async (tx) => {
      const q = tx.withTables<{ a: any }>();
      const r = await q
        .insertInto('a')
        .values({
          id: 'x',
          j: { a: [1, 'ü'] },
          t,
          n: 5,
          b: new Uint8Array([1, 2]),
          x: ['a"', 'b\\', null],
        })
        .executeTakeFirst();
      expect(r.numInsertedOrUpdatedRows).toBe(1n);
    });
    const rows = await s.db.withTables<{ a: any }>().selectFrom('a').selectAll().execute();
    expect(rows).toStrictEqual([
      { id: 'x', j: { a: [1, 'ü'] }, t, n: 5, b: new Uint8Array([1, 2]), x: ['a"', 'b\\', null] },
    ]);
    await s.close();
  });
  it('embedded', async () => {
    const d = mkdtempSync(join(tmpdir(), 'st-'));
    const a = performance.now();
    const s = await openStorage({ directory: d, cacheDirectory });
    console.log('first open', performance.now() - a);
    await s.migrate([{ id: 'a-1', why: '', sql: 'create table a (id text primary key)' }]);
    await sql`insert into a values ('x')`.execute(s.db);
    await expect(openStorage({ directory: d, cacheDirectory })).rejects.toThrow(
      /in use by process/,
    );
    await s.close();
    const b = performance.now();
    const s2 = await openStorage({ directory: d, cacheDirectory });
    console.log('warm open', performance.now() - b);
    expect((await sql`select * from a`.execute(s2.db)).rows).toEqual([{ id: 'x' }]);
    await s2.close();
    rmSync(d, { recursive: true });
  });
});
