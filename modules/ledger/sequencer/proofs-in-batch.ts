import { nodeHash, nodesOf, type Hash, type NodeSink } from '@proofline/evidence';
import type { Head } from '../store/head-rows.ts';

/** Proofs of the entries that one turn brought into the log, without a look into the database. */
export interface BatchProofs {
  /** To be told of every node that the turn completes. */
  readonly sink: NodeSink;
  /** The proof of inclusion of an entry of this turn, in the tree of `size` leaves that it ended with. */
  proofOf(index: number, size: number): readonly Hash[];
}

/** Levels fit into the lowest six bits beside an index below 2^47. */
const LEVELS = 64;
const keyOf = (level: number, index: number): number => index * LEVELS + level;

/**
 * What stands left of a new leaf on its way up is complete, and either a peak of the tree before or
 * made in this turn: else what is above it would have been complete before, without the leaf. What
 * stands right of it was made in this turn. So peaks and new nodes are enough for every proof.
 */
export function createBatchProofs(from: Head): BatchProofs {
  const nodes = new Map<number, Hash>();
  const before = from.size === 0 ? [] : nodesOf({ start: 0, end: from.size });
  for (const [at, { level, index }] of before.entries()) {
    nodes.set(keyOf(level, index), from.peaks[at]!);
  }
  /** The right edge of the tree from a leaf on, by that leaf: every proof of the turn has some of it. */
  const edges = new Map<number, Hash>();

  function node(level: number, index: number): Hash {
    const hash = nodes.get(keyOf(level, index));
    if (!hash) throw new RangeError(`node ${level}/${index} is not of this turn`);
    return hash;
  }

  function edgeFrom(start: number, end: number): Hash {
    const known = edges.get(start);
    if (known) return known;
    const level = Math.floor(Math.log2(end - start));
    const width = 2 ** level;
    const first = node(level, start / width);
    const hash = width === end - start ? first : nodeHash(first, edgeFrom(start + width, end));
    edges.set(start, hash);
    return hash;
  }

  return {
    sink: (level, index, hash) => nodes.set(keyOf(level, index), hash),
    proofOf(index, size) {
      const proof: Hash[] = [];
      let start = 0;
      let end = size;
      while (end - start > 1) {
        // RFC 6962 §2.1: the largest power of two smaller than what is left.
        const level = Math.ceil(Math.log2(end - start)) - 1;
        const middle = start + 2 ** level;
        if (index < middle) {
          proof.push(edgeFrom(middle, end));
          end = middle;
        } else {
          proof.push(node(level, start / 2 ** level));
          start = middle;
        }
      }
      return proof.reverse();
    },
  };
}
