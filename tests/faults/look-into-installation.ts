import { join } from 'node:path';
import { base64urlToBytes, systemClock, systemRandom } from '@proofline/kernel';
import {
  consistencyPath,
  leafHash,
  parseEntry,
  parseVerifierKey,
  treeRoot,
  verifyGrowth,
  verifyLog,
  type VerifierKey,
} from '@proofline/evidence';
import { createLedger, fileHighWaterMark } from '@proofline/ledger';
import { openStorage, type Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { cacheDirectory } from '../harness/open-test-storage.ts';

/** What stands in the database of a server that is not running. */
export interface Look {
  /** External id → the call and its evidence entry. */
  readonly calls: ReadonlyMap<
    string,
    { readonly interactionId: string; readonly evidenceId: string }
  >;
  /** Evidence entry → the call that it says has started. */
  readonly started: ReadonlyMap<string, string>;
  /** What is wrong with the log, by the ledger's own check and by the offline verifier. */
  readonly faults: readonly string[];
  /** What still waited for the sequencer after it had caught up. */
  readonly waiting: number;
  readonly log: LogState;
}

/** A log at one moment. */
export interface LogState {
  readonly checkpoint: string;
  readonly leaves: readonly string[];
  readonly key: VerifierKey;
}

type Settings = Readonly<Record<string, string>>;

/** Opens the database as the server left it, lets the log catch up, and reads. */
export async function lookInto(settings: Settings): Promise<Look> {
  const directory = settings['PROOFLINE_DATA_DIRECTORY'] ?? '';
  const storage = await openStorage({ directory: join(directory, 'database'), cacheDirectory });
  try {
    const ledger = createLedger({
      storage,
      clock: systemClock,
      random: systemRandom,
      tenant: settings['PROOFLINE_TENANT'] ?? '',
      origin: settings['PROOFLINE_LOG_NAME'] ?? '',
      signingSeed: base64urlToBytes(settings['PROOFLINE_LOG_SEED'] ?? '') ?? new Uint8Array(),
      kek: base64urlToBytes(settings['PROOFLINE_KEK'] ?? '') ?? new Uint8Array(),
      mark: fileHighWaterMark(join(directory, 'high-water-mark')),
    });
    // Refuses a log that is behind its mark, and takes up what a killed server left in the outbox.
    await ledger.start();
    await ledger.stop();
    const faults = await ledger.check();
    return await read(storage, faults);
  } finally {
    await storage.close();
  }
}

async function read(storage: Storage, faults: readonly string[]): Promise<Look> {
  const { db } = storage;
  const calls = await sql<{ external_id: string; interaction_id: string; evidence_id: string }>`
    select external_id, interaction_id, evidence_id from interactions`.execute(db);
  const entries = await sql<{ leaf: string }>`
    select leaf from ledger_entries order by idx`.execute(db);
  const head = await sql<{ checkpoint: string }>`select checkpoint from ledger_head`.execute(db);
  const outbox = await sql<{ n: number }>`select count(*) as n from ledger_outbox`.execute(db);
  const leaves = entries.rows.map(({ leaf }) => leaf);
  const checkpoint = head.rows[0]?.checkpoint ?? '';
  const key = keyOf(leaves[0] ?? '');
  return {
    calls: new Map(
      calls.rows.map((row) => [
        row.external_id,
        { interactionId: row.interaction_id, evidenceId: row.evidence_id },
      ]),
    ),
    started: new Map(leaves.flatMap(startedCall)),
    faults: [...faults, ...verifyLog(leaves, checkpoint, key).faults],
    waiting: Number(outbox.rows[0]?.n),
    log: { checkpoint, leaves, key },
  };
}

/** The first entry of a log says with which key it is signed. */
export function keyOf(leaf: string): VerifierKey {
  const first = parseEntry(leaf);
  const key = parseVerifierKey(String(first.ok ? first.value.facts['verifierKey'] : ''));
  if (!key) throw new Error('the log does not begin with its key');
  return key;
}

function startedCall(leaf: string): [string, string][] {
  const entry = parseEntry(leaf);
  if (!entry.ok || entry.value.kind !== 'interaction.started') return [];
  return [[entry.value.id, entry.value.refs['interactionId'] ?? '']];
}

/** Whether the newer log only added to the older one (RFC 9162 §2.1.4). */
export function hasOnlyGrown(older: LogState, newer: LogState): boolean {
  const hashes = newer.leaves.map(leafHash);
  return verifyGrowth({
    older: older.checkpoint,
    newer: newer.checkpoint,
    key: older.key,
    proof: consistencyPath(older.leaves.length, newer.leaves.length).map(({ start, end }) =>
      treeRoot(hashes.slice(start, end)),
    ),
  });
}
