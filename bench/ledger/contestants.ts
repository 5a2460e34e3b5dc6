import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@proofline/kernel';
import { createLedger, fileHighWaterMark, migrations } from '@proofline/ledger';
import { openStorage, type Storage } from '@proofline/storage';
import { sql } from 'kysely';
import pg from 'pg';
import { freshDatabase } from '../../tests/harness/open-test-storage.ts';
import { eventOf, plainEventOf, SUBJECTS } from './event.ts';

/** A log that is written to. */
export interface Contestant {
  /** Resolves when the event is logged for good. */
  write(index: number): Promise<void>;
  /** Bytes of all its tables and indexes, and how many events are in them. */
  stored(): Promise<{ readonly bytes: number; readonly events: number }>;
  close(): Promise<void>;
}

const seed = Buffer.alloc(32, 7);

/** The product’s log, on a server, or embedded where there is no URL. */
export async function openProofline(url: string | undefined): Promise<Contestant> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-bench-'));
  const fresh = url === undefined ? undefined : await freshDatabase(url);
  const storage = await openStorage(
    fresh === undefined ? { directory: join(directory, 'database') } : { url: fresh.url },
  );
  await storage.migrate(migrations);
  await storage.raiseWall({ tenant: 'bench', migrations });
  const ledger = createLedger({
    storage,
    clock: systemClock,
    random: systemRandom,
    tenant: 'bench',
    origin: 'bench.example/log',
    signingSeed: seed,
    kek: seed,
    mark: fileHighWaterMark(join(directory, 'mark')),
    durableLimitMs: 60_000,
  });
  await ledger.start();
  // Every subject once: pseudonyms and keys are made on the first day, and known from then on.
  const known = Array.from({ length: SUBJECTS }, (_, index) => eventOf(index));
  const ids = await storage.transaction((tx) => ledger.recordAll(tx, known));
  await ledger.durable(ids.at(-1)!);
  return {
    async write(index) {
      const { proof } = await ledger.append(eventOf(index));
      if (proof.length === 0 && index > 1) throw new Error('an acknowledgement without a proof');
    },
    stored: async () => ({ bytes: await sizeOf(storage), events: ledger.health().size }),
    async close() {
      await ledger.stop();
      const faults = await ledger.check();
      if (faults.length > 0) throw new Error(faults.slice(0, 3).join(' '));
      await storage.close();
      await fresh?.drop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function sizeOf({ db }: Storage): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint as bytes from pg_class
    where relkind = 'r' and relname like 'ledger\\_%' and relname <> 'ledger_outbox'`.execute(db);
  return rows[0]?.bytes ?? 0;
}

/**
 * The log that is usually built: each event’s hash holds the one before, under a lock on the newest row.
 * Three statements and a commit for each; nothing of it can be erased, and its proof is the whole log.
 */
export async function openHashChain(url: string, connectionsMax = 16): Promise<Contestant> {
  const pool = new pg.Pool({ connectionString: url, max: connectionsMax });
  await pool.query(`
    drop table if exists chain_head, chain_events;
    create table chain_head (id integer primary key, size bigint not null, hash bytea not null);
    create table chain_events (
      idx bigint primary key, event_id text not null unique, at timestamptz not null,
      body text not null, hash bytea not null);
    create index chain_events_at on chain_events (at);
    insert into chain_head values (1, 0, '\\x00')`);
  return {
    async write(index) {
      const { id, body } = plainEventOf(index);
      const client = await pool.connect();
      try {
        await client.query('begin');
        const { rows } = await client.query<{ size: string; hash: Buffer }>({
          name: 'head',
          text: 'select size, hash from chain_head where id = 1 for update',
        });
        const head = rows[0]!;
        const hash = createHash('sha256').update(head.hash).update(body).digest();
        await client.query({
          name: 'insert',
          text: 'insert into chain_events values ($1, $2, now(), $3, $4)',
          values: [head.size, id, body, hash],
        });
        await client.query({
          name: 'move',
          text: 'update chain_head set size = size + 1, hash = $1 where id = 1',
          values: [hash],
        });
        await client.query('commit');
      } finally {
        client.release();
      }
    },
    async stored() {
      const { rows } = await pool.query<{ bytes: string; events: string }>(
        `select pg_total_relation_size('chain_events') as bytes, (select size from chain_head) as events`,
      );
      return { bytes: Number(rows[0]?.bytes), events: Number(rows[0]?.events) };
    },
    close: () => pool.end(),
  };
}
