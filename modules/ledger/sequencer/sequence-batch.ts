import { compactRange, leafHash, parseEntry } from '@proofline/evidence';
import { insertRows, type Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { entryRefs } from '../domain/entry-refs.ts';
import { orderByCause } from '../domain/order-by-cause.ts';
import { places } from '../domain/places.ts';
import type { PlacedEntry } from '../domain/recent-entries.ts';
import { SealError } from '../domain/seal.ts';
import type { EntryRow } from '../store/entry-rows.ts';
import type { Head } from '../store/head-rows.ts';
import type { NodeRow } from '../store/node-rows.ts';
import type { OutboxRow } from '../store/outbox-rows.ts';
import type { RefRow } from '../store/ref-rows.ts';

/** Portable SQL: batches of at most 1,000 rows. */
const BATCH_MAX = 1_000;
/** Complete nodes are stored every eighth level; those between are computed from up to 256 others. */
export const STORED_LEVELS_EVERY = 8;

/** What one turn of the sequencer brought into the log. */
export interface Batch {
  readonly head: Head;
  /** Evidence id → index. */
  readonly indexes: ReadonlyMap<string, number>;
  /** To be removed from the outbox, now that they are in the log. */
  readonly taken: readonly OutboxRow[];
}

/** The head is not the one that this sequencer left: another one was here, or the rows were changed. */
export class HeadMovedError extends Error {
  constructor() {
    super('the head of the log moved');
    this.name = 'HeadMovedError';
  }
}

/**
 * Takes what is in the outbox into the log, in one transaction: entries, refs, nodes, and the head
 * from exactly `from` to a newly signed one. `undefined`: the outbox is empty.
 *
 * The outbox is read before and emptied after that transaction. Were it read within, this
 * SERIALIZABLE transaction would conflict with every other that records, and they with each other.
 * A crash in between leaves rows that are in the log already: they are recognised and only removed.
 *
 * @throws HeadMovedError, SealError
 */
export async function sequenceBatch(context: Context, from: Head): Promise<Batch | undefined> {
  const { rows, storage } = context;
  const waiting = await rows.outbox.oldest(storage.db, BATCH_MAX);
  if (waiting.length === 0) return undefined;
  const taken = await rows.entries.findIds(
    storage.db,
    waiting.map((row) => row.evidence_id),
  );
  const fresh = waiting.filter((row) => !taken.has(row.evidence_id));
  if (fresh.length < waiting.length) {
    await rows.outbox.remove(
      storage.db,
      waiting.filter((row) => taken.has(row.evidence_id)),
    );
  }
  const parts = build(context, from, fresh);
  if (fresh.length > 0) await storage.transaction((tx) => write(context, tx, { from, parts }));
  const indexes = new Map(parts.entries.map(({ evidenceId, index }) => [evidenceId, index]));
  return { head: fresh.length > 0 ? parts.head : from, indexes, taken: fresh };
}

interface Parts {
  readonly head: Head;
  readonly entries: readonly EntryRow[];
  readonly refs: readonly RefRow[];
  readonly nodes: readonly NodeRow[];
}

function build(context: Context, from: Head, recorded: readonly OutboxRow[]): Parts {
  const range = compactRange(from.size, from.peaks);
  const entries: EntryRow[] = [];
  const refs: RefRow[] = [];
  const nodes: NodeRow[] = [];
  for (const { entry, leaf } of orderByCause(recorded.map((row) => open(context, row)))) {
    const index = range.size;
    const hash = leafHash(leaf);
    range.append(hash, (level, at, node) => {
      const stored = level > 0 && level % STORED_LEVELS_EVERY === 0;
      if (stored) nodes.push({ level, index: at, hash: node });
    });
    const { id, kind } = entry;
    entries.push({ index, evidenceId: id, kind, at: new Date(entry.at), leaf, leafHash: hash });
    refs.push(...entryRefs(entry, index));
  }
  const state = { size: range.size, root: range.root() };
  const checkpoint = context.signer.signCheckpoint(state);
  return { head: { ...state, peaks: [...range.peaks], checkpoint }, entries, refs, nodes };
}

/** An entry on its way into the log, with what {@link orderByCause} goes by. */
interface Opened {
  readonly id: string;
  readonly causes: readonly string[];
  readonly entry: PlacedEntry;
  readonly leaf: string;
}

/** @throws SealError for a row that no ledger with our key wrote */
function open(context: Context, row: OutboxRow): Opened {
  const entry = context.recent.find(row.evidence_id, row) ?? read(context, row);
  return { id: entry.id, causes: entry.causes, entry, leaf: row.leaf };
}

/** A row that another process wrote, or this one before it was started anew. */
function read({ sealer, tenant }: Context, { evidence_id, leaf, mac }: OutboxRow): PlacedEntry {
  const parsed = parseEntry(leaf);
  if (parsed.ok && sealer.isMac(mac, places.outbox(tenant, evidence_id, leaf))) return parsed.value;
  throw new SealError(`the recorded entry ${evidence_id}`);
}

async function write(
  { rows }: Context,
  tx: Db,
  { from, parts }: { readonly from: Head; readonly parts: Parts },
): Promise<void> {
  // The fence comes first: whoever loses it has written nothing.
  if (!(await rows.head.move(tx, from, parts.head))) throw new HeadMovedError();
  const { entries, refs, nodes } = rows;
  await insertRows(
    tx,
    entries.insertOf(parts.entries),
    refs.insertOf(parts.refs),
    nodes.insertOf(parts.nodes),
  );
}
