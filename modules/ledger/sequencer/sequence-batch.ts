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
import type { DisclosureRow } from '../store/disclosure-rows.ts';
import type { OutboxRow } from '../store/outbox-rows.ts';
import type { RefRow } from '../store/ref-rows.ts';
import type { Receipt } from '../types.ts';
import type { WaitingAppend } from './append-queue.ts';
import { createBatchProofs } from './proofs-in-batch.ts';
import type { Placed } from './waiters.ts';

/** Portable SQL: batches of at most 1,000 rows. */
export const BATCH_MAX = 1_000;
/** Complete nodes are stored every eighth level; those between are computed from up to 256 others. */
export const STORED_LEVELS_EVERY = 8;

/** An entry that a turn brought into the log. */
export interface PlacedInBatch extends Placed {
  readonly evidenceId: string;
  receipt(): Receipt;
  /** Where it came without the outbox. */
  readonly appended?: WaitingAppend | undefined;
}

/** What one turn of the sequencer brought into the log. */
export interface Batch {
  readonly head: Head;
  /** By index. */
  readonly placed: readonly PlacedInBatch[];
  /** To be removed from the outbox, now that they are in the log. */
  readonly taken: readonly OutboxRow[];
  /** Were in the log before. */
  readonly alreadyIn: readonly WaitingAppend[];
}

/** The head is not the one that this sequencer left: another one was here, or the rows were changed. */
export class HeadMovedError extends Error {
  constructor() {
    super('the head of the log moved');
    this.name = 'HeadMovedError';
  }
}

/**
 * Takes what is in the outbox and what was appended into the log, in one transaction: entries, refs,
 * nodes, and the head from exactly `from` to a newly signed one. `undefined`: there is nothing.
 *
 * The outbox is read before and emptied after that transaction. Were it read within, this
 * SERIALIZABLE transaction would conflict with every other that records, and they with each other.
 * A crash in between leaves rows that are in the log already: they are recognised and only removed.
 *
 * @throws HeadMovedError, SealError
 */
export async function sequenceBatch(
  context: Context,
  { from, appended }: { readonly from: Head; readonly appended: readonly WaitingAppend[] },
): Promise<Batch | undefined> {
  const { rows, storage } = context;
  const waiting = await rows.outbox.oldest(storage.db, BATCH_MAX);
  if (waiting.length === 0 && appended.length === 0) return undefined;
  const isIn = await findEarlier(context, from, { waiting, appended });
  const fresh = waiting.filter((row) => !isIn.has(row.evidence_id));
  if (fresh.length < waiting.length) {
    await rows.outbox.remove(
      storage.db,
      waiting.filter((row) => isIn.has(row.evidence_id)),
    );
  }
  const straight = appended.filter(({ entry }) => !isIn.has(entry.id));
  const alreadyIn = appended.filter(({ entry }) => isIn.has(entry.id));
  if (fresh.length + straight.length === 0) {
    return { head: from, placed: [], taken: [], alreadyIn };
  }
  const parts = build(context, from, [
    ...fresh.map((row) => open(context, row)),
    ...straight.map(openAppended),
  ]);
  await storage.transaction((tx) => write(context, tx, { from, parts }));
  return { head: parts.head, placed: parts.placed, taken: fresh, alreadyIn };
}

/**
 * Which are in the log: what a crash left in the outbox, and what was appended in a turn that failed. What
 * another sequencer took in since is found once its head is adopted: before that the fence holds us off.
 */
async function findEarlier(
  { rows, storage }: Context,
  from: Head,
  {
    waiting,
    appended,
  }: { readonly waiting: readonly OutboxRow[]; readonly appended: readonly WaitingAppend[] },
): Promise<ReadonlySet<string>> {
  const tried = appended.filter(({ wasTried }) => wasTried).map(({ entry }) => entry.id);
  const ids: string[] = [...waiting.map((row) => row.evidence_id), ...tried];
  return ids.length === 0 ? new Set() : rows.entries.findIds(storage.db, ids, from.size);
}

interface Parts {
  readonly head: Head;
  readonly placed: readonly PlacedInBatch[];
  readonly entries: readonly EntryRow[];
  readonly refs: readonly RefRow[];
  readonly nodes: readonly NodeRow[];
  readonly disclosures: readonly DisclosureRow[];
}

function build(context: Context, from: Head, opened: readonly Opened[]): Parts {
  const range = compactRange(from.size, from.peaks);
  const proofs = createBatchProofs(from);
  const entries: EntryRow[] = [];
  const refs: RefRow[] = [];
  const nodes: NodeRow[] = [];
  const ordered = orderByCause(opened);
  for (const { entry, leaf } of ordered) {
    const index = range.size;
    const hash = leafHash(leaf);
    range.append(hash, (level, at, node) => {
      proofs.sink(level, at, node);
      const stored = level > 0 && level % STORED_LEVELS_EVERY === 0;
      if (stored) nodes.push({ level, index: at, hash: node });
    });
    const { id, kind } = entry;
    entries.push({ index, evidenceId: id, kind, at: new Date(entry.at), leaf, leafHash: hash });
    refs.push(...entryRefs(entry, index));
  }
  const { size } = range;
  const root = range.root();
  const checkpoint = context.signer.signCheckpoint({ size, root });
  const placed = entries.map(({ index, evidenceId, leafHash: hash }, at): PlacedInBatch => {
    const receipt = () => {
      const proof = proofs.proofOf(index, size);
      return { evidenceId, index, leafHash: hash, proof, checkpoint };
    };
    return { evidenceId, index, receipt, appended: ordered[at]?.appended };
  });
  const disclosures = ordered.flatMap(({ appended }) => appended?.disclosures ?? []);
  const head = { size, root, peaks: [...range.peaks], checkpoint };
  return { head, placed, entries, refs, nodes, disclosures };
}

/** An entry on its way into the log, with what {@link orderByCause} goes by. */
interface Opened {
  readonly id: string;
  readonly causes: readonly string[];
  readonly entry: PlacedEntry;
  readonly leaf: string;
  readonly appended?: WaitingAppend;
}

function openAppended(appended: WaitingAppend): Opened {
  const { entry, leaf } = appended;
  return { id: entry.id, causes: entry.causes, entry, leaf, appended };
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
  const { entries, refs, nodes, disclosures } = rows;
  await insertRows(
    tx,
    entries.insertOf(parts.entries),
    refs.insertOf(parts.refs),
    nodes.insertOf(parts.nodes),
    disclosures.insertOf(parts.disclosures),
  );
}
