import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import { cacheDirectory } from '../../tests/harness/open-test-storage.ts';
import { templatePath } from './embedded/template.ts';
import { openStorage } from './index.ts';

describe('openStorage with a directory', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-storage-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('makes the database at the first open and finds it again at the second', async () => {
    const first = await openStorage({ directory, cacheDirectory });
    await sql`create table kept (n integer)`.execute(first.db);
    await first.transaction((tx) => sql`insert into kept values (1)`.execute(tx));
    await expect(openStorage({ directory, cacheDirectory })).rejects.toThrow(/in use by process/);
    await first.close();
    expect(readdirSync(directory)).toEqual(['pgdata']);
    const second = await openStorage({ directory, cacheDirectory });
    expect((await sql`select n from kept`.execute(second.db)).rows).toEqual([{ n: 1 }]);
    await second.close();
  });

  it('starts over when the first open was interrupted', async () => {
    mkdirSync(join(directory, 'pgdata.unfinished'));
    writeFileSync(join(directory, 'pgdata.unfinished', 'PG_VERSION'), '1');
    const storage = await openStorage({ directory, cacheDirectory });
    expect((await sql`select 1 as n`.execute(storage.db)).rows).toEqual([{ n: 1 }]);
    await storage.close();
  });

  it('refuses a damaged template with a sentence', async () => {
    writeFileSync(templatePath(directory), new Uint8Array(4096));
    const opening = openStorage({ directory: join(directory, 'db'), cacheDirectory: directory });
    await expect(opening).rejects.toThrow(/template is damaged/);
  });

  it('fails every query after the engine’s thread has ended, and says so once', async () => {
    const losses: string[] = [];
    const onLost = (error: Error) => losses.push(error.message);
    const storage = await openStorage({ directory, cacheDirectory, onLost });
    // Without a place for its log PostgreSQL cannot go on, which is a panic.
    rmSync(join(directory, 'pgdata', 'pg_wal'), { recursive: true });
    const outcomes = await Promise.allSettled([
      sql`create table lost as select pg_switch_wal() from generate_series(1, 2)`.execute(
        storage.db,
      ),
      sql`select 1`.execute(storage.db),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(losses).toEqual([expect.stringMatching(/^the embedded database gave up: /)]);
    await storage.close();
  });
});

describe('openStorage', () => {
  it('wants exactly one of a URL and a directory', async () => {
    await expect(openStorage({})).rejects.toThrow(/either a PostgreSQL URL or a directory/);
    const both = openStorage({ url: 'postgres://localhost/x', directory: '/nowhere' });
    await expect(both).rejects.toThrow(/either a PostgreSQL URL or a directory/);
  });

  it('says in a sentence that a server cannot be reached, without its password', async () => {
    const opening = openStorage({ url: 'postgres://u:hunter2@127.0.0.1:1/x' });
    const error: unknown = await opening.catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/PostgreSQL server cannot be reached/);
    expect(JSON.stringify(error) + String(error)).not.toContain('hunter2');
  });
});
