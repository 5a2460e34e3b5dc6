import pg from 'pg';
import { StorageError } from '../database-error.ts';
import type { Session, SessionPool } from '../session-pool.ts';
import { parserOf, toSession } from './pg-session.ts';
import { createPreparedNames } from './prepared-names.ts';
import { withOptions } from './with-options.ts';

/** As of every other statement, and so long again for those that stand before it. */
const STATEMENT_MAX_MS = 15_000;
/** Whoever finds a row held gives up soon: everybody's sessions are looked up behind it (P6). */
const LOCK_MAX_MS = 1_000;

/**
 * One connection that everybody shares: statements are sent without waiting for the answers to those
 * before, and answered in turn. What is sent in the same moment goes in one packet, and the server works at
 * it without waiting for us in between: half of what a short statement costs else is that waiting.
 *
 * One that is lost fails what is under way on it; the next statement opens another.
 */
export function openLane(options: {
  readonly url: string;
  readonly onConnectionLost?: (error: Error) => void;
}): SessionPool {
  let lane: { readonly client: Promise<pg.Client> } | undefined;
  let isClosed = false;
  const sessions = new WeakMap<pg.Client, Session>();
  const nameOf = createPreparedNames();

  const open = () => {
    const client = new pg.Client(settingsOf(options.url));
    const connect = async () => {
      await client.connect();
      sessions.set(client, gathering(client, toSession(client, nameOf)));
      return client;
    };
    const opened = { client: connect() };
    const drop = (error?: Error) => {
      // Another one may have taken its place since.
      if (isClosed || lane !== opened) return;
      lane = undefined;
      if (error) options.onConnectionLost?.(error);
    };
    client.on('error', drop);
    client.on('end', () => drop());
    return opened;
  };

  return {
    isShared: true,
    async acquire() {
      if (isClosed) throw new StorageError('the storage is closed');
      const mine = (lane ??= open());
      const client = await mine.client.catch((cause: unknown) => {
        if (lane === mine) lane = undefined;
        throw new StorageError('no connection to the PostgreSQL server', { cause });
      });
      const session = sessions.get(client);
      if (!session) throw new StorageError('no connection to the PostgreSQL server');
      return session;
    },
    // It was nobody's alone.
    release: async () => {},
    async close() {
      isClosed = true;
      const client = await lane?.client.catch(() => undefined);
      await client?.end();
    },
  };
}

function settingsOf(url: string): pg.ClientConfig {
  return {
    pipeline: true,
    connectionTimeoutMillis: 10_000,
    statement_timeout: STATEMENT_MAX_MS,
    lock_timeout: LOCK_MAX_MS,
    // The server may be gone without a word: then nothing on this connection is answered any more.
    query_timeout: 2 * STATEMENT_MAX_MS,
    // What names its row is found by an index, however few rows there were when the plan was made; so the plan
    // may be kept.
    ...withOptions(url, '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off'),
    types: { getTypeParser: (oid: number) => parserOf(oid) },
  };
}

/** What is asked in one turn of the event loop leaves in one packet. */
function gathering(client: pg.Client, session: Session): Session {
  const { stream } = client.connection;
  let isGathering = false;
  return {
    run(sql, parameters) {
      if (!isGathering) {
        isGathering = true;
        stream.cork();
        setImmediate(() => {
          isGathering = false;
          stream.uncork();
        });
      }
      return session.run(sql, parameters);
    },
  };
}
