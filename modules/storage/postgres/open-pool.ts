import pg from 'pg';
import { StorageError } from '../database-error.ts';
import type { Session, SessionPool } from '../session-pool.ts';
import { parserOf, toSession } from './pg-session.ts';
import { createPreparedNames } from './prepared-names.ts';
import { withOptions } from './with-options.ts';

const VERSION_MIN = 150_000;

/** Limits of one server's pool. */
export interface PostgresOptions {
  readonly url: string;
  readonly connectionsMax?: number;
  /** Told when an idle connection breaks; the pool replaces it by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

/**
 * Connects to a PostgreSQL server.
 * @throws StorageError when it cannot be reached, is older than 15, or does not commit durably.
 */
export async function openPostgresPool(options: PostgresOptions): Promise<SessionPool> {
  const pool = new pg.Pool({
    max: options.connectionsMax ?? 16,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 15_000,
    // What is prepared is parsed once and still planned for its values: a plan that was made while a table
    // was empty would scan it when it no longer is.
    ...withOptions(options.url, '-c plan_cache_mode=force_custom_plan'),
    idle_in_transaction_session_timeout: 30_000,
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  });
  pool.on('error', (error) => options.onConnectionLost?.(error));
  try {
    await checkServer(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  return toSessionPool(pool);
}

async function checkServer(pool: pg.Pool): Promise<void> {
  const result = await pool
    .query<{ version: string; commit: string }>(
      `select current_setting('server_version_num') as version,
              current_setting('synchronous_commit') as commit`,
    )
    .catch((cause: unknown) => {
      // The cause's text can hold the URL's user and host, never its password.
      throw new StorageError('the PostgreSQL server cannot be reached', { cause });
    });
  const row = result.rows[0];
  if (Number(row?.version) < VERSION_MIN) {
    throw new StorageError('PostgreSQL 15 or newer is needed: the server is older');
  }
  if (row?.commit === 'off') {
    throw new StorageError('synchronous_commit is off: set it on, or acknowledged writes get lost');
  }
}

function toSessionPool(pool: pg.Pool): SessionPool {
  const clients = new WeakMap<Session, pg.PoolClient>();
  // The same session for the same connection: the wall remembers which ones it has met.
  const sessions = new WeakMap<pg.PoolClient, Session>();
  const nameOf = createPreparedNames();
  let ending: Promise<void> | undefined;
  return {
    async acquire() {
      if (ending) throw new StorageError('the storage is closed');
      const client = await pool.connect().catch((cause: unknown) => {
        throw new StorageError('no connection to the PostgreSQL server', { cause });
      });
      const known = sessions.get(client);
      if (known) return known;
      // The pool listens only while a connection is idle. One that is lost at work fails its statement,
      // and the pool lets it go; without a listener it would end the process.
      client.on('error', () => {});
      const session = toSession(client, nameOf);
      sessions.set(client, session);
      clients.set(session, client);
      return session;
    },
    async release(session) {
      clients.get(session)?.release();
    },
    async close() {
      ending ??= pool.end();
      await ending;
    },
  };
}
