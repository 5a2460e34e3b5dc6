import { bytesToHex } from '@proofline/kernel';
import type { LogIdentity } from '../bundle/verdict.ts';
import { parseEntry } from '../entry.ts';
import { ErasureRecord } from '../erasure/erased.ts';
import { openCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import { parseVerifierKey, type VerifierKey } from '../note/verifier-key.ts';
import { compactRange, type CompactRange } from '../tree/compact-range.ts';
import { sameHash, type Hash } from '../tree/hash.ts';
import type { FeedItem } from './feed-item.ts';
import { NO_JSON, readFeedLine } from './read-feed-line.ts';
import { SeenHashes } from './seen-hashes.ts';

const FAULTS_MAX = 100;
const CHECKPOINTS_MAX = 1_000_000;

/** What the reader of a feed knows from elsewhere. */
export interface FeedOptions {
  /** The log’s verifier key (`name+hash+key`). */
  readonly trustedKey?: string;
  /** A checkpoint that the feed must reach: whoever withholds the tail withholds its checkpoint, too. */
  readonly knownCheckpoint?: string;
}

/** Indexes `start` (inclusive) to `end` (exclusive). */
export interface IndexRange {
  readonly start: number;
  readonly end: number;
}

/** The outcome of {@link createFeedCheck}. */
export interface FeedVerdict {
  /** Every index from the start to the newest checkpoint is here, and is what that checkpoint signs. */
  readonly ok: boolean;
  /** The log as the newest checkpoint of the feed has it; absent where none is signed. */
  readonly log: LogIdentity | undefined;
  /** The first index that the feed speaks of. */
  readonly start: number;
  /** How many came in full, as hash alone because erased, as hash alone because not asked for. */
  readonly counts: {
    readonly entries: number;
    readonly erased: number;
    readonly passedOver: number;
  };
  /** What the feed must hold, and does not. */
  readonly missing: readonly IndexRange[];
  /** When the newest entry happened, by the log’s clock. */
  readonly newestAt: string | undefined;
  /** Lines that are no JSON. */
  readonly unreadable: number;
  /** Sentences; each names the line or the index that it is about. At most 100. */
  readonly faults: readonly string[];
}

/** Reads a feed line by line, in any order and with repetitions, and judges it at the end. */
export interface FeedCheck {
  /** One line, without its newline. Never throws for a bad one. */
  take(line: string): void;
  finish(): FeedVerdict;
}

/** What was gathered of a feed. */
interface Gathered {
  readonly seen: SeenHashes;
  readonly starts: Map<number, readonly Hash[]>;
  /** Notes as they came, without repetitions, with the key that came along. */
  readonly notes: Map<string, string>;
  readonly origins: Set<string>;
  readonly faults: string[];
  /** What the feed tells of erasures, and which places they must explain. */
  readonly erasures: ErasureRecord;
  readonly erased: Map<number, string>;
}

/** Checks that a feed is whole: nothing dropped, swapped, invented or withheld. Needs nothing but the feed. */
export function createFeedCheck(options: FeedOptions = {}): FeedCheck {
  const gathered: Gathered = {
    seen: new SeenHashes(),
    starts: new Map(),
    notes: new Map(),
    origins: new Set(),
    faults: [],
    erasures: new ErasureRecord(),
    erased: new Map(),
  };
  let lineNumber = 0;
  let newestAt: string | undefined;
  let unreadable = 0;

  return {
    take(line) {
      lineNumber += 1;
      if (line.trim() === '') return;
      const read = readFeedLine(line);
      if (!read.ok) {
        if (read.error !== NO_JSON) return blame(gathered, `Line ${lineNumber}: ${read.error}.`);
        // Half a line, as a crash leaves it behind. What it held came again, or is missed below.
        unreadable += 1;
        return;
      }
      const item = read.value;
      gathered.origins.add(item.origin);
      if (item.type === 'start') {
        gathered.starts.set(item.index, item.peaks);
        return;
      }
      if (item.type === 'checkpoint') {
        if (gathered.notes.size < CHECKPOINTS_MAX) {
          gathered.notes.set(item.checkpoint, item.verifierKey);
        }
        return;
      }
      const at = takeEntry(gathered, item);
      if (at !== undefined && (newestAt === undefined || at > newestAt)) newestAt = at;
    },
    finish: () => ({ ...judge(gathered, options), newestAt, unreadable }),
  };
}

type Entry = Exclude<FeedItem, { readonly type: 'start' | 'checkpoint' }>;

/** Answers when the entry happened, where it came in full. */
function takeEntry(gathered: Gathered, item: Entry): string | undefined {
  const { index, leafHash, type } = item;
  const before = gathered.seen.hashOf(index);
  if (before && !sameHash(before, leafHash)) {
    blame(gathered, `Entry ${index} came twice, in different words.`);
    return undefined;
  }
  gathered.seen.set(index, type, leafHash);
  if (type === 'erased') gathered.erased.set(index, item.idHash);
  if (type !== 'entry') return undefined;
  const entry = parseEntry(item.leaf);
  if (!entry.ok) {
    blame(gathered, `Entry ${index} is malformed: ${entry.error}.`);
    return undefined;
  }
  gathered.erasures.add(entry.value, index);
  return entry.value.at;
}

function blame({ faults }: Gathered, sentence: string): void {
  if (faults.length < FAULTS_MAX) faults.push(sentence);
}

function judge(
  gathered: Gathered,
  options: FeedOptions,
): Omit<FeedVerdict, 'newestAt' | 'unreadable'> {
  const { seen, faults } = gathered;
  if (gathered.origins.size > 1) blame(gathered, 'The feed is of more than one log.');
  const opened = openNotes(gathered, options);
  const newest = opened.checkpoints.at(-1);
  // The first that was told, so that a later one hides nothing; and the log’s own where none was.
  const told = Math.min(...gathered.starts.keys());
  const start = told <= Math.min(seen.lowest, newest?.size ?? 0) ? told : 0;
  for (const [index, idHash] of gathered.erased) {
    if (gathered.erasures.ofLeaf(index, idHash)) continue;
    blame(gathered, `Entry ${index} came as its hash alone, and no erasure explains it.`);
  }
  const walked = walk(gathered, { start, checkpoints: opened.checkpoints });
  if (!newest) blame(gathered, 'There is no checkpoint that the log’s key has signed.');
  else if (seen.highest >= newest.size) {
    blame(gathered, `Entries from ${newest.size} on are under no checkpoint of this feed.`);
  }
  return {
    ok: faults.length === 0 && walked.missing.length === 0,
    log: newest && opened.key && identify(newest, opened.key, options),
    start,
    ...walked,
    faults,
  };
}

/** Checkpoints that the key signed, smallest first: the one named by the reader, or the one that came along. */
function openNotes(
  gathered: Gathered,
  { trustedKey, knownCheckpoint }: FeedOptions,
): { readonly key: VerifierKey | undefined; readonly checkpoints: readonly Checkpoint[] } {
  const [came] = gathered.notes.values();
  const key = parseVerifierKey(trustedKey ?? came ?? '');
  const checkpoints: Checkpoint[] = [];
  for (const note of gathered.notes.keys()) {
    const checkpoint = key && openCheckpoint(note, key);
    if (checkpoint) checkpoints.push(checkpoint);
    else blame(gathered, 'A checkpoint is not signed by the log’s key.');
  }
  checkpoints.sort((left, right) => left.size - right.size);
  if (knownCheckpoint !== undefined) {
    const reached = checkpoints.at(-1)?.size ?? 0;
    const known = key && openCheckpoint(knownCheckpoint, key);
    if (!known) blame(gathered, 'The checkpoint that you named is not signed by the log’s key.');
    else if (known.size > reached) {
      const withheld = known.size - reached;
      blame(gathered, `The log had ${known.size} entries; the last ${withheld} were withheld.`);
    } else checkpoints.unshift(known);
    checkpoints.sort((left, right) => left.size - right.size);
  }
  return { key, checkpoints };
}

/** Goes through what came up to the newest checkpoint, and compares each root on the way. */
function walk(
  gathered: Gathered,
  { start, checkpoints }: { readonly start: number; readonly checkpoints: readonly Checkpoint[] },
): Pick<FeedVerdict, 'counts' | 'missing'> {
  const { seen } = gathered;
  const end = checkpoints.at(-1)?.size ?? seen.highest + 1;
  const counts = { entries: 0, erased: 0, passedOver: 0 };
  const missing: IndexRange[] = [];
  const roots = compareRoots(gathered, { start, checkpoints });
  let expected = start;
  for (const { index, state, hash } of seen.inOrder()) {
    if (index >= end) break;
    if (index > expected) missing.push({ start: expected, end: index });
    if (state === 'entry') counts.entries += 1;
    else if (state === 'erased') counts.erased += 1;
    else counts.passedOver += 1;
    roots.append(index, hash);
    expected = index + 1;
  }
  if (expected < end) missing.push({ start: expected, end });
  return { counts, missing };
}

/** Computes the root on the way, and blames the first checkpoint that signs another one. */
function compareRoots(
  gathered: Gathered,
  { start, checkpoints }: { readonly start: number; readonly checkpoints: readonly Checkpoint[] },
): { append(index: number, hash: Hash): void } {
  const waiting = checkpoints.filter(({ size }) => size >= start);
  let range = beginAt(gathered, start);
  let soundTo = start;
  const compare = () => {
    while (range && waiting[0]?.size === range.size) {
      const { root, size } = waiting.shift()!;
      if (sameHash(root, range.root())) soundTo = size;
      else {
        const between = `Between index ${soundTo} and ${size}`;
        blame(gathered, `${between} the feed is not what the checkpoint of ${size} signs.`);
        range = undefined;
      }
    }
  };
  compare();
  return {
    append(index, hash) {
      // Without the hash of one before it, no later root can be computed.
      if (range?.size !== index) range = undefined;
      range?.append(hash);
      compare();
    },
  };
}

function beginAt(gathered: Gathered, start: number): CompactRange | undefined {
  if (start === 0) return compactRange();
  const peaks = gathered.starts.get(start);
  try {
    if (peaks) return compactRange(start, peaks);
  } catch {
    // Not as many as a tree of this size has: as good as none.
  }
  blame(gathered, `What the feed says came before ${start} is not a tree of that size.`);
  return undefined;
}

function identify(newest: Checkpoint, key: VerifierKey, { trustedKey }: FeedOptions): LogIdentity {
  return {
    origin: newest.origin,
    size: newest.size,
    root: bytesToHex(newest.root),
    verifierKey: key.text,
    fingerprint: key.fingerprint,
    trusted: trustedKey === undefined ? undefined : true,
  };
}
