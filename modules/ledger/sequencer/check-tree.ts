import {
  compactRange,
  leafHash,
  openCheckpoint,
  parseEntry,
  sameHash,
  type Checkpoint,
} from '@proofline/evidence';
import type { Context } from '../context.ts';
import type { EntryRow } from '../store/entry-rows.ts';
import type { Head } from '../store/head-rows.ts';
import { isErasedKind } from '../erasure/domain/erased-kinds.ts';
import { createHoles } from '../erasure/domain/holes.ts';
import { outermostPlaces, type PlacedTable } from '../store/within-log.ts';
import { STORED_LEVELS_EVERY } from './sequence-batch.ts';

const PAGE = 1_000;

/** One thing that is wrong with the stored log. */
export interface TreeFault {
  /** `mark`: the tree is not the one of the high-water mark. `log`: it contradicts itself. */
  readonly about: 'mark' | 'log';
  /** A sentence without its full stop. */
  readonly text: string;
}

/** How the tree is checked. */
export interface TreeCheck {
  /** An older checkpoint, with which the tree must begin. */
  readonly mark?: Omit<Checkpoint, 'origin'>;
  /** Waited for after each page, with the entries read so far. */
  readonly afterPage?: (checked: number) => Promise<void> | void;
}

/**
 * Computes the whole tree again from the stored leaves and compares: every leaf with its hash and
 * its columns, every stored node, the root with the head, the head with its signature, and the root
 * at the size of an older checkpoint (the high-water mark) with that.
 */
export async function* checkTree(
  context: Context,
  head: Head,
  { mark, afterPage }: TreeCheck = {},
): AsyncGenerator<TreeFault> {
  const { rows, storage } = context;
  const range = compactRange();
  const levels = new Map<number, Uint8Array[]>();
  const holes = createHoles();
  if (mark?.size === 0 && !sameHash(mark.root, range.root())) yield forked(0);
  while (range.size < head.size) {
    const start = range.size;
    const page = await rows.entries.range(storage.db, start, Math.min(start + PAGE, head.size));
    for (const row of page) {
      const wrong = findRowFault(row, range.size);
      if (wrong) yield { about: 'log', text: `Entry ${range.size} ${wrong}` };
      holes.see(row);
      range.append(hashOf(row), (level, _, hash) => {
        if (level > 0 && level % STORED_LEVELS_EVERY === 0) {
          levels.set(level, [...(levels.get(level) ?? []), hash]);
        }
      });
      if (mark?.size === range.size && !sameHash(mark.root, range.root())) yield forked(mark.size);
    }
    if (page.length < Math.min(PAGE, head.size - start)) {
      yield { about: 'log', text: `Entries from ${start} to ${head.size - 1} are not all there` };
      return;
    }
    await afterPage?.(range.size);
  }
  for (const text of holes.faults()) yield { about: 'log', text };
  yield* checkHead(context, head, range.root());
  yield* checkNodes(context, levels);
  yield* checkPlaces(context, head, 'ledger_entries');
}

/** Of an erased entry its hash alone is left. */
function hashOf(row: EntryRow): Uint8Array {
  return row.leaf === '' ? row.leafHash : leafHash(row.leaf);
}

function findRowFault(row: EntryRow, index: number): string | undefined {
  if (row.index !== index) return 'is not there';
  if (row.leaf === '') return isErasedKind(row.kind) ? undefined : 'has lost its bytes';
  if (!sameHash(leafHash(row.leaf), row.leafHash)) return 'was altered: it has another hash';
  const parsed = parseEntry(row.leaf);
  if (!parsed.ok) return `was altered: ${parsed.error}`;
  const { id, kind, at } = parsed.value;
  const columnsAgree = id === row.evidenceId && kind === row.kind && at === row.at.toISOString();
  return columnsAgree ? undefined : 'has other columns than it says';
}

function* checkHead(context: Context, head: Head, root: Uint8Array): Generator<TreeFault> {
  if (!sameHash(root, head.root)) {
    yield { about: 'log', text: 'The entries do not give the root of the log’s head' };
  }
  const signed = openCheckpoint(head.checkpoint, context.signer.key);
  if (signed?.size !== head.size || !sameHash(signed.root, head.root)) {
    yield { about: 'log', text: 'The head of the log is not the one that its checkpoint signs' };
  }
  if (!isEdge(head)) {
    yield { about: 'log', text: 'The edge of the tree does not give the root of the log’s head' };
  }
}

function isEdge(head: Head): boolean {
  try {
    return sameHash(compactRange(head.size, head.peaks).root(), head.root);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

async function* checkNodes(
  context: Context,
  levels: ReadonlyMap<number, readonly Uint8Array[]>,
): AsyncGenerator<TreeFault> {
  const { rows, storage } = context;
  let expected = 0;
  for (const [level, hashes] of levels) {
    expected += hashes.length;
    const stored = await rows.nodes.hashes(storage.db, level, { start: 0, end: hashes.length });
    for (const [index, hash] of hashes.entries()) {
      const found = stored[index];
      if (found && sameHash(found, hash)) continue;
      yield { about: 'log', text: `Node ${index} of level ${level} was altered` };
    }
  }
  const count = await rows.nodes.count(storage.db);
  // The log may have grown while it was read: then there are more nodes, but never more than that.
  const grown = (await rows.head.find(storage.db))?.size ?? 0;
  if (count < expected || count > storedNodesOf(grown)) {
    yield { about: 'log', text: 'The tree has other stored nodes than the log has' };
  }
}

/** Nothing stands outside of the log: what was written there was never signed. */
export async function* checkPlaces(
  { rows, signer, storage, tenant }: Context,
  head: Head,
  table: PlacedTable,
): AsyncGenerator<TreeFault> {
  const places = await outermostPlaces(storage.db, tenant, table);
  // Read after them: the log may have grown while it was read, as far as it is signed.
  const grown = await rows.head.find(storage.db);
  const signed = grown && openCheckpoint(grown.checkpoint, signer.key);
  const size = Math.max(signed?.size ?? 0, head.size);
  for (const place of places) {
    if (place >= 0 && place < size) continue;
    yield { about: 'log', text: `${rowOf[table]} ${place} stands outside of the log` };
  }
}

const rowOf: Readonly<Record<PlacedTable, string>> = {
  ledger_entries: 'Entry',
  ledger_refs: 'What finds entry',
  ledger_facets: 'What is searched of entry',
};

/** How many nodes a log of this size keeps: every whole subtree of the kept levels. */
function storedNodesOf(size: number): number {
  let count = 0;
  for (let level = STORED_LEVELS_EVERY; 2 ** level <= size; level += STORED_LEVELS_EVERY) {
    count += Math.floor(size / 2 ** level);
  }
  return count;
}

function forked(size: number): TreeFault {
  return { about: 'mark', text: `The log has another root at ${size} entries` };
}
