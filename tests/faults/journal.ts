import { join } from 'node:path';
import { sql } from 'kysely';
import { verifyLog, type LogVerdict } from '@proofline/evidence';
import { createLedger, fileHighWaterMark, migrations, type Ledger } from '@proofline/ledger';
import { testDeps } from '@proofline/ledger/testing';
import { openStorage, type Migration, type Storage } from '@proofline/storage';
import { cacheDirectory } from '../harness/open-test-storage.ts';
import { keyOf, type LogState } from './look-into-installation.ts';

const journalMigration: Migration = {
  id: 'fault-journal-1',
  why: 'Rows whose loss a fault test can notice.',
  sql: 'create table fault_journal (name text primary key, evidence_id text not null)',
};

/** A row that was acknowledged, with its evidence. */
export interface Acknowledged {
  readonly name: string;
  readonly evidenceId: string;
  /** The entry's place in the log. */
  readonly index: number;
}

/** What is on the disk. */
export interface JournalContents {
  /** Row → its evidence entry. */
  readonly rows: ReadonlyMap<string, string>;
  /** Evidence entry → its place in the log. */
  readonly entries: ReadonlyMap<string, number>;
  readonly verdict: LogVerdict;
  readonly log: LogState;
}

/** Rows with their evidence. */
export interface Journal {
  /** Resolves when the row has committed and its evidence is under a signed checkpoint. */
  write(name: string): Promise<Acknowledged>;
  readAll(): Promise<JournalContents>;
  /** What the ledger’s own check finds wrong. */
  check: Ledger['check'];
  close(): Promise<void>;
}

/** Where a journal lies. */
export interface JournalPlace {
  /** Of the high-water mark, and of the embedded database. */
  readonly directory: string;
  /** A PostgreSQL server; without it, the embedded database in the directory. */
  readonly url?: string | undefined;
}

/** Opens the database and starts the log, which refuses when the database is behind its mark. */
export async function openJournal({ directory, url }: JournalPlace): Promise<Journal> {
  const storage = await openStorage(
    url === undefined ? { directory: join(directory, 'database'), cacheDirectory } : { url },
  );
  await storage.migrate([...migrations, journalMigration]);
  const mark = fileHighWaterMark(join(directory, 'mark'));
  const ledger = createLedger({ ...testDeps(storage), mark });
  await ledger.start();
  return {
    async write(name) {
      const evidenceId = await storage.transaction(async (tx) => {
        const id = await ledger.record(tx, { kind: 'interaction.started', facts: { name } });
        await sql`insert into fault_journal values (${name}, ${id})`.execute(tx);
        return id;
      });
      const { index } = await ledger.durable(evidenceId);
      return { name, evidenceId, index };
    },
    readAll: () => readContents(storage),
    check: () => ledger.check(),
    async close() {
      await ledger.stop();
      await storage.close();
    },
  };
}

async function readContents(storage: Storage): Promise<JournalContents> {
  // One transaction: the sequencer runs, and the leaves must be those of the checkpoint.
  const { rows, entries, head } = await storage.transaction(async (tx) => ({
    rows: await sql<{ name: string; evidence_id: string }>`
      select name, evidence_id from fault_journal`.execute(tx),
    entries: await sql<{ evidence_id: string; idx: number; leaf: string }>`
      select evidence_id, idx, leaf from ledger_entries order by idx`.execute(tx),
    head: await sql<{ checkpoint: string }>`select checkpoint from ledger_head`.execute(tx),
  }));
  const leaves = entries.rows.map(({ leaf }) => leaf);
  const key = keyOf(leaves[0] ?? '');
  const checkpoint = head.rows[0]?.checkpoint ?? '';
  return {
    rows: new Map(rows.rows.map((row) => [row.name, row.evidence_id])),
    entries: new Map(entries.rows.map((row) => [row.evidence_id, row.idx])),
    verdict: verifyLog(leaves, checkpoint, key),
    log: { checkpoint, leaves, key },
  };
}
