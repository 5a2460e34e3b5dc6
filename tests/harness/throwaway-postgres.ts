import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { freePorts } from '../../demo/ports.ts';

const VERSION_MIN = 15;
const START_MAX_MS = 30_000;

/** A server for one test run. */
export interface ThrowawayPostgres {
  readonly url: string;
  readonly pid: number | undefined;
  /** Stops the server and deletes its files. */
  stop(): Promise<void>;
}

/** The directory of the newest installed server's programs, 15 or newer. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).filter(Boolean) : [];
  const packaged = versions.sort((a, b) => b - a).map((version) => `${debian}/${version}/bin`);
  const inPath = (process.env['PATH'] ?? '').split(delimiter);
  return [...packaged, ...inPath].find((directory) => versionIn(directory) >= VERSION_MIN);
}

function versionIn(directory: string): number {
  if (!existsSync(join(directory, 'initdb'))) return 0;
  const { stdout } = spawnSync(join(directory, 'postgres'), ['--version'], { encoding: 'utf8' });
  return Number(/ (\d+)/.exec(stdout)?.[1] ?? 0);
}

/**
 * Makes a cluster in a temporary directory and starts it on a free port of 127.0.0.1.
 *
 * fsync is off, unless `durable`: the cluster is thrown away, and what it tests is SQL and concurrency. What
 * is timed wants it, and so do tests of durability, which have the cluster kept in a directory and find it again.
 *
 * PostgreSQL refuses to run as root, so root lends it another user.
 *
 * @throws Error with the server's own words when it does not start.
 */
export async function startThrowawayPostgres(
  binaries: string,
  {
    keptIn,
    durable = keptIn !== undefined,
  }: { readonly keptIn?: string; readonly durable?: boolean } = {},
): Promise<ThrowawayPostgres> {
  const directory = keptIn ?? mkdtempSync(join(tmpdir(), 'proofline-postgres-'));
  mkdirSync(directory, { recursive: true });
  const user = userForServer();
  if (user) chownSync(directory, user.uid, user.gid);
  const { server: port } = await freePorts();
  let server: ChildProcess | undefined;
  const stop = async (): Promise<void> => {
    await stopServer(server);
    if (keptIn === undefined) rmSync(directory, { recursive: true, force: true });
  };
  try {
    const place = { binaries, directory, user, durable };
    const password = passwordIn(place);
    server = launch({ ...place, port });
    const url = `postgres://proofline:${password}@127.0.0.1:${port}/postgres`;
    await untilAnswers(url, server);
    return { url, pid: server.pid, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

function userForServer(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error('there is no user “postgres” or “nobody” to run the server as');
}

interface ServerPlace {
  readonly binaries: string;
  readonly directory: string;
  readonly user: ServerUser | undefined;
  /** Every commit is synced. */
  readonly durable: boolean;
}

/** The password of the cluster, which is made where there is none. */
function passwordIn(place: ServerPlace): string {
  const file = join(place.directory, 'password');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const password = randomBytes(18).toString('base64url');
  initialise({ ...place, password });
  return password;
}

function initialise(place: ServerPlace & { readonly password: string }): void {
  const { binaries, directory, user } = place;
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, place.password, { mode: 0o600, flush: true });
  if (user) chownSync(passwordFile, user.uid, user.gid);
  const options = ['--username=proofline', '--auth=password', `--pwfile=${passwordFile}`];
  const settings = ['--encoding=UTF8', '--locale=C', ...(place.durable ? [] : ['--no-sync'])];
  const made = spawnSync(
    join(binaries, 'initdb'),
    [`--pgdata=${join(directory, 'data')}`, ...options, ...settings],
    { ...user, cwd: directory, encoding: 'utf8', env: { ...process.env, HOME: directory } },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr.trim()}`);
}

function launch(place: ServerPlace & { readonly port: number }): ChildProcess {
  const { binaries, directory, user, durable } = place;
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
    'max_connections=200',
    'shared_buffers=64MB',
    'logging_collector=off',
  ].flatMap((setting) => ['-c', setting]);
  return spawn(
    join(binaries, 'postgres'),
    ['-D', join(directory, 'data'), '-p', String(place.port), ...settings],
    // Its own group: Ctrl-C reaches us, and we stop it when the tests have let go of it.
    { ...user, cwd: directory, detached: true, stdio: ['ignore', 'ignore', 'ignore'] },
  );
}

async function untilAnswers(url: string, server: ChildProcess): Promise<void> {
  const waits = Math.ceil(START_MAX_MS / 100);
  for (let attempt = 0; attempt < waits; attempt += 1) {
    if (server.exitCode !== null) throw new Error(`postgres ended with ${server.exitCode}`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await delay(100);
    }
  }
  throw new Error(`postgres did not answer within ${START_MAX_MS / 1000} s`);
}

async function stopServer(server: ChildProcess | undefined): Promise<void> {
  if (!server || server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  // SIGQUIT is the immediate shutdown: nothing of this cluster is wanted any more.
  server.kill('SIGQUIT');
  await ended;
}
