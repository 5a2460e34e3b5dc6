import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { fixedClock } from '@proofline/kernel';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import type { Migration, Storage } from './types.ts';

const first: Migration = {
  id: 'shelf-1',
  why: 'Two statements in one step.',
  sql: "create table shelf (id text primary key); insert into shelf values ('a')",
};
const second: Migration = { id: 'shelf-2', why: 'One more.', sql: 'alter table shelf add n int4' };

describe('migrations', () => {
  let storage: Storage;
  beforeEach(async () => {
    storage = await openTestStorage([], { clock: fixedClock(1_000_000) });
  });
  afterEach(() => storage.close());

  it('are applied once, in order, with their digest and time', async () => {
    await storage.migrate([first]);
    await storage.migrate([first, second]);
    const { rows } = await sql`select id, length(digest) as length, applied_at
      from storage_migrations order by id`.execute(storage.db);
    const applied_at = new Date(1_000_000);
    expect(rows).toEqual([
      { id: 'shelf-1', length: 43, applied_at },
      { id: 'shelf-2', length: 43, applied_at },
    ]);
    expect((await sql`select * from shelf`.execute(storage.db)).rows).toEqual([
      { id: 'a', n: null },
    ]);
  });

  it('refuse an applied step that was edited', async () => {
    await storage.migrate([first]);
    const edited = storage.migrate([{ ...first, sql: `${first.sql} ` }]);
    await expect(edited).rejects.toThrow(/shelf-1 was edited/);
  });

  it('refuse one id for two steps', async () => {
    await expect(storage.migrate([first, { ...second, id: first.id }])).rejects.toThrow(/twice/);
  });

  it('leave nothing of a step that fails', async () => {
    const broken = { ...first, sql: `${first.sql}; select nonsense` };
    await expect(storage.migrate([broken])).rejects.toMatchObject({ code: '42703' });
    await storage.migrate([first]);
    expect((await sql`select id from shelf`.execute(storage.db)).rows).toEqual([{ id: 'a' }]);
  });

  it('may be applied by two servers that start at once', async () => {
    await Promise.all([storage.migrate([first, second]), storage.migrate([first, second])]);
    expect((await sql`select id from shelf`.execute(storage.db)).rows).toEqual([{ id: 'a' }]);
  });
});
