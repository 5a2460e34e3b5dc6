import { EMPTY_ROOT, nodeHash, sameHash, type Hash } from './hash.ts';
import { isSubtree } from './proof-paths.ts';

const HASH_BYTES = 32;

/** What an inclusion proof claims. */
export interface InclusionClaim {
  readonly leafIndex: number;
  readonly leafHash: Hash;
  readonly proof: readonly Hash[];
  readonly root: Hash;
}

/** What a consistency proof claims: that the first tree is the beginning of the second. */
export interface ConsistencyClaim {
  readonly oldSize: number;
  readonly oldRoot: Hash;
  readonly newSize: number;
  readonly newRoot: Hash;
  readonly proof: readonly Hash[];
}

/** Whether the leaf is in the tree of this size and root (RFC 9162 §2.1.3.2). */
export function verifyInclusion(claim: InclusionClaim & { readonly treeSize: number }): boolean {
  return verifySubtreeInclusion({ ...claim, start: 0, end: claim.treeSize });
}

/** Whether the leaf is in the subtree of this root (draft-ietf-plants-merkle-tree-certs §4.3.2). */
export function verifySubtreeInclusion(
  claim: InclusionClaim & { readonly start: number; readonly end: number },
): boolean {
  const { leafIndex, start, end } = claim;
  if (!Number.isSafeInteger(leafIndex) || !isSubtree({ start, end })) return false;
  if (leafIndex < start || leafIndex >= end) return false;
  if (claim.leafHash.length !== HASH_BYTES || !wholeHashes(claim.proof)) return false;
  let first = leafIndex - start;
  let second = end - start - 1;
  let root = claim.leafHash;
  for (const sibling of claim.proof) {
    if (second === 0) return false;
    if (isOdd(first) || first === second) {
      root = nodeHash(sibling, root);
      while (!isOdd(first) && first !== 0) [first, second] = [half(first), half(second)];
    } else {
      root = nodeHash(root, sibling);
    }
    [first, second] = [half(first), half(second)];
  }
  return second === 0 && sameHash(root, claim.root);
}

/**
 * Whether the old tree is the beginning of the new one (RFC 9162 §2.1.4.2). An old tree without
 * leaves proves nothing and is refused.
 */
export function verifyConsistency(claim: ConsistencyClaim): boolean {
  if (claim.oldSize < 1) return false;
  return verifySubtreeConsistency({
    start: 0,
    end: claim.oldSize,
    subtreeRoot: claim.oldRoot,
    treeSize: claim.newSize,
    root: claim.newRoot,
    proof: claim.proof,
  });
}

/**
 * The root that, as the proof shows, the first `oldSize` leaves of the new tree have. `undefined` where it
 * shows nothing: it does not lead to the new root, or the old tree is one full subtree, whose root no proof
 * holds (RFC 9162 §2.1.4.1).
 */
export function provedOldRoot(claim: Omit<ConsistencyClaim, 'oldRoot'>): Hash | undefined {
  const { oldSize, newSize, newRoot, proof } = claim;
  if (oldSize < 1 || !(oldSize < newSize) || !wholeHashes(proof)) return undefined;
  const walk = startWalk({ start: 0, end: oldSize, treeSize: newSize });
  const [seed, ...siblings] = proof;
  if (!seed || walk.first === walk.last) return undefined;
  const climbed = climb(walk, seed, siblings);
  return climbed && sameHash(climbed.tree, newRoot) ? climbed.subtree : undefined;
}

/** What a subtree consistency proof claims: that the subtree is part of the tree. */
export interface SubtreeConsistencyClaim {
  readonly start: number;
  readonly end: number;
  readonly subtreeRoot: Hash;
  readonly treeSize: number;
  readonly root: Hash;
  readonly proof: readonly Hash[];
}

/** Whether a subtree is part of a tree (draft-ietf-plants-merkle-tree-certs §4.4.3). */
export function verifySubtreeConsistency(claim: SubtreeConsistencyClaim): boolean {
  const { start, end, treeSize, subtreeRoot, root } = claim;
  if (!Number.isSafeInteger(treeSize) || !(end <= treeSize)) return false;
  // The empty subtree is part of every tree that reaches it; nothing of the tree is proved by it.
  if (start === end && start >= 0)
    return claim.proof.length === 0 && sameHash(subtreeRoot, EMPTY_ROOT);
  if (!isSubtree({ start, end }) || !wholeHashes(claim.proof)) return false;
  const walk = startWalk(claim);
  let siblings = claim.proof;
  let known = subtreeRoot;
  if (walk.first !== walk.last) {
    const seed = siblings[0];
    if (!seed) return false;
    known = seed;
    siblings = siblings.slice(1);
  }
  const climbed = climb(walk, known, siblings);
  return (
    climbed !== undefined && sameHash(climbed.subtree, subtreeRoot) && sameHash(climbed.tree, root)
  );
}

/** The positions of the subtree's first and last node and of the tree's last, on one level. */
interface Walk {
  first: number;
  last: number;
  treeLast: number;
}

function startWalk(claim: Pick<SubtreeConsistencyClaim, 'start' | 'end' | 'treeSize'>): Walk {
  const walk = { first: claim.start, last: claim.end - 1, treeLast: claim.treeSize - 1 };
  // Where the subtree ends with the tree, its own root is a node of the tree.
  const endsWithTree = walk.last === walk.treeLast;
  const isFullRow = () => endsWithTree || isOdd(walk.last);
  while (walk.first !== walk.last && isFullRow()) goUp(walk);
  return walk;
}

function climb(
  walk: Walk,
  known: Hash,
  siblings: readonly Hash[],
): { readonly subtree: Hash; readonly tree: Hash } | undefined {
  let subtree = known;
  let tree = known;
  for (const sibling of siblings) {
    if (walk.treeLast === 0) return undefined;
    if (isOdd(walk.last) || walk.last === walk.treeLast) {
      if (walk.first < walk.last) subtree = nodeHash(sibling, subtree);
      tree = nodeHash(sibling, tree);
      while (!isOdd(walk.last)) goUp(walk);
    } else {
      tree = nodeHash(tree, sibling);
    }
    goUp(walk);
  }
  return walk.treeLast === 0 ? { subtree, tree } : undefined;
}

function goUp(walk: Walk): void {
  walk.first = half(walk.first);
  walk.last = half(walk.last);
  walk.treeLast = half(walk.treeLast);
}

function wholeHashes(proof: readonly Hash[]): boolean {
  return proof.every((hash) => hash.length === HASH_BYTES);
}

// Not bit operators: those would cut an index to 32 bits.
function isOdd(value: number): boolean {
  return value % 2 === 1;
}
function half(value: number): number {
  return Math.floor(value / 2);
}
