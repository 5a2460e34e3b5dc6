import { erasureKinds, type FeedItem } from '@proofline/evidence';
import type { EvidenceKind } from '@proofline/protocol';
import type { Context } from '../../context.ts';
import type { EntryRow } from '../../store/entry-rows.ts';
import { readEntryRow } from '../../reading/read-rows.ts';
import { createTreeReader } from '../../reading/tree-reader.ts';
import type { Head } from '../../store/head-rows.ts';

const ENTRIES_MAX = 500;
const BYTES_MAX = 1024 * 1024;

/** What goes out together. */
export interface FeedPage {
  readonly items: readonly FeedItem[];
  /** The first index that is not in it. */
  readonly end: number;
}

/** What a page is read for. */
interface Asked {
  readonly start: number;
  /** Whether the receiver begins here, in the middle of the log. */
  readonly isFirst: boolean;
  /** Published: nothing beyond it goes out. */
  readonly head: Head;
  readonly kinds: readonly EvidenceKind[] | undefined;
}

/**
 * The next page of the log, bounded, and the published checkpoint behind it. Every leaf is checked against
 * its hash first: what was altered in the database does not go out.
 *
 * @throws ProblemError `server.failed` naming the index in its internal text
 */
export async function readPage(context: Context, asked: Asked): Promise<FeedPage> {
  const { rows, signer, storage } = context;
  const { head, isFirst, kinds, start } = asked;
  const { name: origin, text: verifierKey } = signer.key;
  const end = Math.min(start + ENTRIES_MAX, head.size);
  const items: FeedItem[] = [];
  if (isFirst && start > 0) {
    const peaks = await createTreeReader(context, head.size).peaksAt(start);
    items.push({ type: 'start', origin, index: start, peaks });
  }
  let next = start;
  let bytes = 0;
  for (const row of await rows.entries.range(storage.db, start, end)) {
    if (row.index !== next) throw new RangeError(`entry ${next} is not in the database`);
    bytes += Buffer.byteLength(row.leaf);
    if (bytes > BYTES_MAX && next > start) break;
    items.push(itemOf(row, { origin, kinds }));
    next += 1;
  }
  if (next === start) throw new RangeError(`entry ${next} is not in the database`);
  const { checkpoint, size } = head;
  items.push({ type: 'checkpoint', origin, size, checkpoint, verifierKey });
  return { items, end: next };
}

/** Erasures go to everybody: they owe the same in their own store, and without them a hole is unexplained. */
function itemOf(
  row: EntryRow,
  { kinds, origin }: Pick<Asked, 'kinds'> & { readonly origin: string },
): FeedItem {
  const { evidenceId, index, leaf, leafHash } = row;
  // The bytes of an erased entry are gone, and its id is a hash of what it was.
  if (leaf === '') return { type: 'erased', origin, index, leafHash, idHash: evidenceId };
  const { entry } = readEntryRow(row);
  const asked: readonly string[] | undefined = kinds && [...kinds, ...erasureKinds];
  return asked === undefined || asked.includes(entry.kind)
    ? { type: 'entry', origin, index, leaf, leafHash }
    : { type: 'passed-over', origin, index, leafHash };
}
