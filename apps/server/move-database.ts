import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileHighWaterMark } from '@proofline/ledger';
import { copyStorage, endCopy, openStorage, StorageError, type Storage } from '@proofline/storage';
import { compose, migrations } from './compose.ts';
import { readConfig, type Config } from './config.ts';
import { databaseOf } from './database-of.ts';
import { createLogger } from './logger.ts';

/** Where the database moves to. */
export interface MoveOptions {
  /** As `DATABASE_URL` will be. */
  readonly to: string;
  /** As `PROOFLINE_DATABASE_OWNER_URL` will be, where there is to be a login of its own for the tables. */
  readonly toOwner?: string;
  /** Told in sentences how it goes. */
  say(line: string): void;
}

/** A log at one moment: what its checkpoint says. */
interface LogState {
  readonly origin: string;
  readonly size: string;
  readonly root: string;
}

const CATCH_UP_MAX_MS = 60_000;

/**
 * Copies the database that the environment describes to a PostgreSQL server, computes the log’s root again
 * from the rows that have arrived, and only then closes the old database and opens the new one for use. The
 * server must be stopped. Broken off, it goes on where it was.
 *
 * @throws Error with a sentence for the operator. The old database is then as good as before.
 */
export async function moveDatabase(
  environment: Readonly<Record<string, string | undefined>>,
  options: MoveOptions,
): Promise<void> {
  const config = readConfig(environment);
  const { to, toOwner, say } = options;
  const here = await examineHere(config);
  say(`The log here has ${here.size} entries and the root ${here.root}, as its mark says.`);
  await using opened = new AsyncDisposableStack();
  const from = await openStorage(ownersOf(config));
  opened.defer(() => from.close());
  const target = await openStorage({ url: toOwner ?? to, connectionsMax: 2 });
  opened.defer(() => target.close());
  const { tables, rows } = await copyStorage({
    from,
    to: target,
    migrations,
    identity: identityOf(here),
    onTable: (name, count) => count > 0 && say(`  ${name.padEnd(40)} ${count}`),
  });
  say(`Every row was read again on both sides: ${rows} rows in ${tables} tables are the same.`);
  await expectSameLog(config, options, here);
  say('The log there was computed anew from its entries: the same root, and every field opens.');
  // Between the first look and this one somebody may have started a server after all.
  if (identityOf(await stateOf(from, config)) !== identityOf(here)) throw new StorageError(WENT_ON);
  await endCopy(from, target);
  say(
    'Moved. Set DATABASE_URL to the new server, leave PROOFLINE_DATA_DIRECTORY with its high-water-mark ' +
      'as it is, and start.',
  );
}

const WENT_ON =
  'the log here has gone on since the copy began: stop every server, empty the target, and begin anew';

/** As a start would: the log against its mark, with what still waits taken in. */
async function examineHere(config: Config): Promise<LogState> {
  const storage = await openStorage(databaseOf(config));
  try {
    await storage.migrate(migrations);
    await storage.raiseWall({ tenant: config.PROOFLINE_TENANT, migrations });
    await withLedger(config, storage, (ledger) => untilCaughtUp(storage, ledger));
    return await stateOf(storage, config);
  } finally {
    await storage.close();
  }
}

/** Behind the wall that the server will raise: root, mark, and every personal field with its key. */
async function expectSameLog(
  config: Config,
  { to, toOwner }: MoveOptions,
  here: LogState,
): Promise<void> {
  const storage = await openStorage({
    url: to,
    ...(toOwner !== undefined && { ownerUrl: toOwner }),
  });
  try {
    await storage.migrate(migrations);
    await storage.raiseWall({ tenant: config.PROOFLINE_TENANT, migrations });
    await withLedger(config, storage, async (ledger) => {
      const faults = await ledger.check();
      if (faults.length > 0)
        throw new StorageError(`the log there: ${faults.slice(0, 3).join(' ')}`);
    });
    const there = await stateOf(storage, config);
    if (identityOf(there) !== identityOf(here)) {
      throw new StorageError(`the log there has ${there.size} entries and the root ${there.root}`);
    }
  } finally {
    await storage.close();
  }
}

type Ledger = ReturnType<typeof compose>['ledger'];

/** A start computes the whole tree from its leaves and compares it with head, checkpoint and mark. */
async function withLedger(
  config: Config,
  storage: Storage,
  work: (ledger: Ledger) => Promise<void>,
): Promise<void> {
  const notifier = { send: () => Promise.reject(new Error('a move sends nothing')) };
  const logger = createLogger({ ...config, PROOFLINE_LOG_LEVEL: 'silent' });
  const { ledger } = compose(config, { storage, notifier, logger });
  await ledger.start();
  try {
    await work(ledger);
  } finally {
    await ledger.stop();
  }
}

/** Of the log’s tables what is looked at here. A type alias: kysely asks for an index signature. */
type LogTables = {
  ledger_head: { tenant: string; checkpoint: string };
  ledger_outbox: { tenant: string };
};
const tables = (db: Storage['db']) => db.withTables<LogTables>();

async function untilCaughtUp({ db }: Storage, ledger: Ledger): Promise<void> {
  for (let waitedMs = 0; waitedMs < CATCH_UP_MAX_MS; waitedMs += 100) {
    const { state, reason } = ledger.health();
    if (state === 'failed') throw new StorageError(reason ?? 'the log does not go on');
    const waiting = await tables(db)
      .selectFrom('ledger_outbox')
      .select('tenant')
      .executeTakeFirst();
    if (waiting === undefined) return;
    await delay(100);
  }
  throw new StorageError('what waits for the log was not taken in within a minute');
}

async function stateOf({ db }: Storage, config: Config): Promise<LogState> {
  const head = await tables(db)
    .selectFrom('ledger_head')
    .select('checkpoint')
    .where('tenant', '=', config.PROOFLINE_TENANT)
    .executeTakeFirst();
  const mark = await fileHighWaterMark(
    join(config.PROOFLINE_DATA_DIRECTORY, 'high-water-mark'),
  ).read();
  const [stored, marked] = [head?.checkpoint, mark].map(readState);
  if (!stored || !marked || identityOf(stored) !== identityOf(marked)) {
    throw new StorageError('the log and its mark are not of one state: is a server running?');
  }
  return stored;
}

/** Its signature was checked when the log was opened. */
function readState(checkpoint = ''): LogState | undefined {
  const [origin, size, root] = checkpoint.split('\n');
  return origin && size && root ? { origin, size, root } : undefined;
}

function identityOf({ origin, size, root }: LogState): string {
  return [origin, size, root].join('\n');
}

function ownersOf(config: Config): Parameters<typeof openStorage>[0] {
  const url = config.PROOFLINE_DATABASE_OWNER_URL ?? config.DATABASE_URL;
  return url === undefined ? databaseOf(config) : { url, connectionsMax: 2 };
}
