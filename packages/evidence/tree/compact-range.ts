import { EMPTY_ROOT, nodeHash, type Hash } from './hash.ts';

/** Told about every complete node that an append finishes, leaves (level 0) first. */
export type NodeSink = (level: number, index: number, hash: Hash) => void;

/**
 * The right edge of a growing tree: the roots of its complete subtrees, largest first. All that is
 * needed to append and to compute the root; at most 53 hashes.
 */
export interface CompactRange {
  readonly size: number;
  readonly peaks: readonly Hash[];
  append(leaf: Hash, sink?: NodeSink): void;
  /** The root of the tree so far (RFC 6962 §2.1). */
  root(): Hash;
}

/**
 * A compact range that goes on from a stored one.
 *
 * @throws RangeError when the number of peaks does not fit the size.
 */
export function compactRange(size = 0, peaks: readonly Hash[] = []): CompactRange {
  if (!Number.isSafeInteger(size) || size < 0 || countOnes(size) !== peaks.length) {
    throw new RangeError('the peaks do not belong to a tree of this size');
  }
  let length = size;
  const edge = [...peaks];
  return {
    get size() {
      return length;
    },
    get peaks() {
      return edge;
    },
    append(leaf, sink) {
      let node = leaf;
      let level = 0;
      let index = length;
      sink?.(level, index, node);
      // An odd index has a complete left sibling: the last peak. Join with it and go up.
      while (index % 2 === 1) {
        const left = edge.pop();
        if (!left) throw new RangeError('the peaks do not belong to a tree of this size');
        node = nodeHash(left, node);
        level += 1;
        index = (index - 1) / 2;
        sink?.(level, index, node);
      }
      edge.push(node);
      length += 1;
    },
    root: () => foldPeaks(edge),
  };
}

/** The root over adjacent complete subtrees, largest first; the empty root for none. */
export function foldPeaks(peaks: readonly Hash[]): Hash {
  const last = peaks.at(-1);
  if (!last) return EMPTY_ROOT;
  return peaks.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** The root of a tree over these leaf hashes (RFC 6962 §2.1). */
export function treeRoot(leaves: Iterable<Hash>): Hash {
  const range = compactRange();
  for (const leaf of leaves) range.append(leaf);
  return range.root();
}

function countOnes(value: number): number {
  let ones = 0;
  for (let rest = value; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
