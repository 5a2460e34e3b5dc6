import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshWholeDatabase } from '../harness/open-test-storage.ts';
import { findPostgres } from '../harness/throwaway-postgres.ts';
import { checkpointOf, logOneMore, runFirst, settingsIn, type Settings } from './installation.ts';
import { follow } from './read-runbook.ts';

const PAGE = 'restored-backup.md';
const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;

let directory: string;
let settings: Settings;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'proofline-backup-'));
  settings = await settingsIn(directory);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const refusedAsOlder = (now: Settings) =>
  expect(checkpointOf(now)).rejects.toThrow(/log\.rolled-back: .*it has \d+ entries, the mark \d+/);

describe.skipIf(serverUrl !== undefined)('the embedded database', () => {
  it('is backed up and restored as the runbook says, and an older backup is named as one', async () => {
    const [database, backup, away] = ['database', 'backup', 'away'].map((name) =>
      join(directory, name),
    );
    await runFirst(settings);
    await follow(PAGE, 'How to back up the embedded database', {
      'Stop the server, and wait until it has ended.': async () => undefined,
      'Copy the folder `database` in `PROOFLINE_DATA_DIRECTORY` to where backups are kept. Never copy `high-water-mark` with it: a mark that travels with its database notices nothing.':
        async () => cpSync(database!, backup!, { recursive: true }),
      'Start again.': () => logOneMore(settings),
    });
    await follow(PAGE, 'How to restore the embedded database', {
      'Stop the server, if it runs, and move the folder `database` away. Keep it: it proves what the backup lacks.':
        async () => renameSync(database!, away!),
      'Copy the backup into its place, and leave `high-water-mark` as it is.': async () =>
        cpSync(backup!, database!, { recursive: true }),
      'Start. What the backup lacks is named: `log.rolled-back`, with both sizes.': () =>
        refusedAsOlder(settings),
    });
    // What is as new as the mark is taken.
    rmSync(database!, { recursive: true });
    renameSync(away!, database!);
    const [size] = await checkpointOf(settings);
    expect(size).toBeGreaterThan(1);
  }, 120_000);
});

const binaries = findPostgres() ?? '';

describe.skipIf(serverUrl === undefined)('a database on PostgreSQL', () => {
  it('is dumped and restored as the runbook says, and an older dump is named as one', async () => {
    const [old, fresh] = [
      await freshWholeDatabase(serverUrl!),
      await freshWholeDatabase(serverUrl!),
    ];
    const dump = join(directory, 'proofline.dump');
    const run = async (program: string, ...words: readonly string[]) => {
      const ran = spawnSync(join(binaries, program), words, { encoding: 'utf8' });
      expect(ran.stderr).toBe('');
      expect(ran.status).toBe(0);
    };
    let now: Settings = { ...settings, DATABASE_URL: old.url };
    const back = () =>
      follow(PAGE, 'How to back up PostgreSQL', {
        'Run `pg_dump --format=custom --file=proofline.dump $DATABASE_URL`, as the login that owns the tables.':
          () => run('pg_dump', '--format=custom', `--file=${dump}`, old.url),
      });
    await runFirst(now);
    await back();
    await logOneMore(now);
    const restore = () =>
      follow(PAGE, 'How to restore PostgreSQL', {
        'Stop every server process. Make an empty database, and the logins on a new server ([rights](rights-in-the-database.md)).':
          async () => undefined,
        'Run `pg_restore --no-owner --exit-on-error --dbname=$NEW_DATABASE_URL proofline.dump`.':
          () => run('pg_restore', '--no-owner', '--exit-on-error', `--dbname=${fresh.url}`, dump),
        'Set `DATABASE_URL` to the new database, and leave `high-water-mark` as it is.':
          async () => {
            now = { ...now, DATABASE_URL: fresh.url };
          },
        'Start. What the dump lacks is named: `log.rolled-back`, with both sizes.': () =>
          refusedAsOlder(now),
      });
    try {
      await restore();
    } finally {
      await old.drop();
      await fresh.drop();
    }
  }, 120_000);
});
