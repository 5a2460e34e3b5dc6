import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesToBase64url, fixedClock } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { readConfig } from '@proofline/server/config';
import { startServer } from '@proofline/server/start';
import { openStorage } from '@proofline/storage';
import pg from 'pg';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../apps/cli/run-cli.ts';
import { verbsOf } from '../../apps/cli/verbs/index.ts';
import { freshDatabase } from '../harness/open-test-storage.ts';
import { checkpointOf, logOneMore, runFirst, settingsIn, type Settings } from './installation.ts';
import { follow } from './read-runbook.ts';

const serverUrl = process.env['PROOFLINE_TEST_DATABASE_URL'] || undefined;
const HEADING = 'From the embedded database to PostgreSQL, or from one server to another';
const otherKey = bytesToBase64url(seededRandom('another key').bytes(32));

describe.skipIf(serverUrl === undefined)('moving the database (on PostgreSQL only)', () => {
  let directory: string;
  let settings: Settings;
  const drops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'proofline-move-'));
    settings = await settingsIn(directory);
    await runFirst(settings);
  });
  afterAll(async () => {
    for (const drop of drops) await drop();
    rmSync(directory, { recursive: true, force: true });
  });

  async function runOnServer(statement: string): Promise<void> {
    const client = new pg.Client({ connectionString: serverUrl });
    await client.connect();
    await client.query(statement);
    await client.end();
  }

  const emptyDatabase = async (): Promise<string> => {
    const { url, drop } = await freshDatabase(serverUrl ?? '');
    drops.push(drop);
    return url;
  };

  /** What the command says, as it is typed in the environment of a server. */
  async function type(command: string, environment = settings): Promise<string> {
    const lines: string[] = [];
    const nothing = () => Promise.reject(new Error('not here'));
    const say = (line: string) => void lines.push(line);
    const [, , ...words] = command.split(' ');
    const code = await runCli(verbsOf(environment), words, {
      say,
      complain: say,
      readText: nothing,
      writeNew: async () => undefined,
      readLines: () => {
        throw new Error('no lines are read');
      },
      listFiles: nothing,
      fetch: nothing,
      listen: nothing,
      clock: fixedClock(0),
      random: seededRandom('cli'),
      pause: async () => undefined,
    });
    return [...lines, `exit ${code}`].join('\n');
  }

  const saidOf = (output: string) => {
    const [, size, root = ''] = /has (\d+) entries and the root (\S+),/.exec(output) ?? [];
    return [Number(size), root] as const;
  };

  it('is refused with keys that are not the log’s, into what is not empty, and while a server runs', async () => {
    const url = await emptyDatabase();
    const command = `npx proofline migrate --to ${url}`;
    const withOther = (name: string) => type(command, { ...settings, [name]: otherKey });
    expect(await withOther('PROOFLINE_LOG_SEED')).toMatch(
      /log\.mark-unreadable[^]*Not moved.*\nexit 1$/,
    );
    const running = await startServer(readConfig(settings));
    expect(await type(command)).toMatch(/in use by process[^]*exit 1$/);
    await running.close();
    const taken = await emptyDatabase();
    await (await startServer(readConfig({ ...elsewhere(), DATABASE_URL: taken }))).close();
    expect(await type(`npx proofline migrate --to ${taken}`)).toMatch(/not empty[^]*exit 1$/);
    // The copy is whole, but nobody could read the personal fields in it: it is not switched to.
    expect(await withOther('PROOFLINE_KEK')).toMatch(/the seal of[^]*exit 1$/);
    await expect(checkpointOf({ ...settings, DATABASE_URL: url })).rejects.toThrow(
      /unfinished copy/,
    );
    expect(await type(command)).toMatch(/Moved\.[^]*exit 0$/);
    await reopen();
  }, 120_000);

  /** The same installation with a data directory of its own, as another company would have. */
  const elsewhere = (): Settings => ({
    ...settings,
    PROOFLINE_DATA_DIRECTORY: join(directory, 'elsewhere'),
  });

  /** Opens the old database again, as the runbook says that one may as long as nothing was logged. */
  async function reopen(): Promise<void> {
    const storage = await openStorage({ directory: join(directory, 'database') });
    await sql`drop table storage_moved`.execute(storage.db);
    await storage.close();
  }

  it('starts and moves with two logins after an erasure, and takes the third along', async () => {
    const admin = new pg.Client({ connectionString: serverUrl });
    await admin.connect();
    const url = await emptyDatabase();
    const schema = /search_path=(\w+)/.exec(decodeURIComponent(url))?.[1] ?? '';
    const [owner, working, eraser] = ['owner', 'working', 'eraser'].map((name) => `move_${name}`);
    for (const login of [owner, working, eraser]) {
      await admin.query(`create role ${login} login password 'move'`);
      drops.push(() => runOnServer(`drop role ${login}`));
    }
    await admin.query(`alter schema ${schema} owner to ${owner}`);
    const as = (login = ''): string =>
      Object.assign(new URL(url), { username: login, password: 'move' }).href;
    const two: Settings = {
      ...settings,
      PROOFLINE_DATA_DIRECTORY: join(directory, 'logins'),
      DATABASE_URL: as(working),
      PROOFLINE_DATABASE_OWNER_URL: as(owner),
    };
    const server = await startServer(readConfig(two));
    const { ledger, storage } = server.composition;
    const erased = await storage.transaction((tx) =>
      ledger.record(tx, { kind: 'erasure.fields', refs: { erasedPseudonym: 'psn_gone' } }),
    );
    await ledger.durable(erased);
    await server.close();
    // Nobody may erase: it starts all the same.
    await checkpointOf(two);
    await admin.query(`insert into ${schema}.ledger_disclosures
      values ('${two['PROOFLINE_TENANT']}', 'evt_back', 'psn_gone', 'case', '2026-01', '')`);
    const target = await emptyDatabase();
    const three = { ...two, PROOFLINE_DATABASE_ERASING_URL: as(eraser) };
    expect(await type(`npx proofline migrate --to ${target}`, three)).toMatch(/Moved\.[^]*exit 0$/);
    const moved = new URL(target).searchParams.get('options')?.split('=')[1];
    const { rows } = await admin.query(`select subject from ${moved}.ledger_disclosures`);
    expect(rows).toEqual([]);
    await admin.end();
  }, 120_000);

  it('goes as the runbook says, twice: to a server, and from that to another', async () => {
    const database: { url?: string } = {};
    const now = (): Settings =>
      database.url === undefined ? settings : { ...settings, DATABASE_URL: database.url };
    for (let moves = 0; moves < 2; moves += 1) {
      let url = '';
      let said = '';
      await follow('moving-the-database.md', HEADING, {
        'Make an empty database on the new server, and its login or two ([rights](rights-in-the-database.md)).':
          async () => (url = await emptyDatabase()),
        'Stop every server process. The gateways refuse meanwhile; they let nothing through.':
          async () => undefined,
        'In the environment of the server, run `npx proofline migrate --to postgres://proofline@db.example.com/proofline`.':
          async () => {
            said = await type(`npx proofline migrate --to ${url}`, now());
            expect(said).toMatch(/\nMoved\. Set DATABASE_URL to the new server[^\n]*\nexit 0$/);
            expect(said.match(/\n {2}ledger_entries +(\d+)\n/)?.[1]).toBe(String(saidOf(said)[0]));
          },
        'Set `DATABASE_URL` to that address. Leave `PROOFLINE_DATA_DIRECTORY` with its `high-water-mark` as it is.':
          async () => {
            await expect(checkpointOf(now())).rejects.toThrow(/was moved to another server/);
            database.url = url;
          },
        'Start. The whole log is checked against the mark once more.': async () => undefined,
        'Compare `GET /api/evidence-log/checkpoint` with the size and root that the command has said. A larger size is what was logged since.':
          async () => expect(await checkpointOf(now())).toEqual(saidOf(said)),
      });
    }
    // Whoever forgets the setting, and drops what keeps them off, is met by the mark.
    await logOneMore(now());
    await reopen();
    await expect(checkpointOf(settings)).rejects.toMatchObject({ code: 'log.rolled-back' });
  }, 240_000);
});
