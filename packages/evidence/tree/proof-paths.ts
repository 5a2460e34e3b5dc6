import { foldPeaks } from './compact-range.ts';
import type { Hash } from './hash.ts';

/** Leaves `start` (inclusive) to `end` (exclusive). */
export interface LeafRange {
  readonly start: number;
  readonly end: number;
}

/** A complete node: covers leaves `index · 2^level` up to `(index + 1) · 2^level`. */
export interface NodeRef {
  readonly level: number;
  readonly index: number;
}

/**
 * The subtrees whose hashes prove that a leaf is in a tree, lowest first (PATH, RFC 6962 §2.1.1).
 *
 * @throws RangeError when the leaf is not in the tree.
 */
export function inclusionPath(leafIndex: number, tree: LeafRange | number): LeafRange[] {
  let { start, end } = typeof tree === 'number' ? { start: 0, end: tree } : tree;
  if (!(leafIndex >= start && leafIndex < end)) throw new RangeError('no such leaf in this tree');
  const path: LeafRange[] = [];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (leafIndex < middle) {
      path.unshift({ start: middle, end });
      end = middle;
    } else {
      path.unshift({ start, end: middle });
      start = middle;
    }
  }
  return path;
}

/**
 * The subtrees whose hashes prove that a tree of `oldSize` leaves is the beginning of one of
 * `newSize` (PROOF, RFC 6962 §2.1.2).
 *
 * @throws RangeError unless 0 < oldSize ≤ newSize.
 */
export function consistencyPath(oldSize: number, newSize: number): LeafRange[] {
  return subtreeConsistencyPath({ start: 0, end: oldSize }, newSize);
}

/**
 * The same for any subtree (draft-ietf-plants-merkle-tree-certs §4.4.1, SUBTREE_PROOF).
 *
 * @throws RangeError unless the subtree is a valid one of a tree of this size.
 */
export function subtreeConsistencyPath(subtree: LeafRange, size: number): LeafRange[] {
  if (!isSubtree(subtree) || subtree.end > size) throw new RangeError('no such subtree');
  const { end } = subtree;
  let { start } = subtree;
  let tree: LeafRange = { start: 0, end: size };
  // Whether the verifier knows the hash of what is left of the subtree: it is the whole of it.
  let known = true;
  const path: LeafRange[] = [];
  while (start !== tree.start || end !== tree.end) {
    const middle = tree.start + splitPoint(tree.end - tree.start);
    const left = { start: tree.start, end: middle };
    const right = { start: middle, end: tree.end };
    if (end <= middle) {
      path.unshift(right);
      tree = left;
      continue;
    }
    path.unshift(left);
    tree = right;
    if (start < middle) {
      start = middle;
      known = false;
    }
  }
  if (!known) path.unshift({ start, end });
  return path;
}

/** The complete nodes that make up a subtree, largest first. */
export function nodesOf(range: LeafRange): NodeRef[] {
  const nodes: NodeRef[] = [];
  let start = range.start;
  while (start < range.end) {
    let level = 0;
    let width = 1;
    while (width * 2 <= range.end - start && start % (width * 2) === 0) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: start / width });
    start += width;
  }
  return nodes;
}

/** Turns a path into the hashes of a proof, given a way to read complete nodes. */
export function proofFrom(
  path: readonly LeafRange[],
  read: (node: NodeRef) => Hash,
): readonly Hash[] {
  return path.map((range) => foldPeaks(nodesOf(range).map(read)));
}

/** Whether `[start, end)` is a subtree: `start` is a multiple of the next power of two ≥ its width. */
export function isSubtree({ start, end }: LeafRange): boolean {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end)) return false;
  if (start < 0 || start >= end) return false;
  let width = 1;
  while (width < end - start) width *= 2;
  return start % width === 0;
}

/** The largest power of two smaller than `width` (RFC 6962 §2.1: k). */
function splitPoint(width: number): number {
  let split = 1;
  while (split * 2 < width) split *= 2;
  return split;
}
