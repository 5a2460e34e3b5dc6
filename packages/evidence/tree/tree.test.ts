import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  compactRange,
  consistencyPath,
  inclusionPath,
  leafHash,
  nodeHash,
  nodesOf,
  proofFrom,
  provedOldRoot,
  sameHash,
  subtreeConsistencyPath,
  treeRoot,
  verifyConsistency,
  verifyInclusion,
  verifySubtreeConsistency,
  type Hash,
  type LeafRange,
  type NodeRef,
} from '../index.ts';

const leaves = Array.from({ length: 300 }, (_, index) => leafHash(`leaf ${index}`));

/** The definition of RFC 6962 §2.1, word for word, as the oracle. */
function merkleTreeHash(hashes: readonly Hash[]): Hash {
  if (hashes.length === 1) return hashes[0]!;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(merkleTreeHash(hashes.slice(0, split)), merkleTreeHash(hashes.slice(split)));
}

function read({ level, index }: NodeRef): Hash {
  const width = 2 ** level;
  return merkleTreeHash(leaves.slice(index * width, (index + 1) * width));
}

const size = fc.integer({ min: 1, max: leaves.length });
const sizeAndBelow = size.chain((tree) =>
  fc.tuple(fc.constant(tree), fc.integer({ min: 0, max: tree - 1 })),
);

function flipBit(hash: Hash, bit: number): Hash {
  const copy = Uint8Array.from(hash);
  copy[Math.floor(bit / 8) % copy.length]! ^= 1 << (bit % 8);
  return copy;
}

describe('the tree', () => {
  test('has the root that RFC 6962 defines, at every size', () => {
    const range = compactRange();
    for (const [index, leaf] of leaves.entries()) {
      range.append(leaf);
      expect(sameHash(range.root(), merkleTreeHash(leaves.slice(0, index + 1)))).toBe(true);
    }
  });

  test('goes on from a stored edge', () => {
    fc.assert(
      fc.property(sizeAndBelow, ([tree, start]) => {
        const first = compactRange();
        for (const leaf of leaves.slice(0, start)) first.append(leaf);
        const second = compactRange(start, first.peaks);
        for (const leaf of leaves.slice(start, tree)) second.append(leaf);
        expect(sameHash(second.root(), treeRoot(leaves.slice(0, tree)))).toBe(true);
      }),
    );
  });

  test('refuses an edge of another size', () => {
    expect(() => compactRange(3, [leaves[0]!])).toThrow(RangeError);
  });

  test('hands every complete node to the sink, once', () => {
    const seen = new Map<string, Hash>();
    const range = compactRange();
    for (const leaf of leaves) {
      range.append(leaf, (level, index, hash) => {
        expect(seen.has(`${level}/${index}`)).toBe(false);
        seen.set(`${level}/${index}`, hash);
      });
    }
    for (const [key, hash] of seen) {
      const [level = 0, index = 0] = key.split('/').map(Number);
      expect(sameHash(hash, read({ level, index }))).toBe(true);
    }
  });
});

describe('inclusion', () => {
  test('every proof verifies, and no proof with one bit changed', () => {
    fc.assert(
      fc.property(sizeAndBelow, fc.nat(255), fc.nat(), ([tree, leafIndex], bit, pick) => {
        const proof = proofFrom(inclusionPath(leafIndex, tree), read);
        const claim = {
          leafIndex,
          treeSize: tree,
          leafHash: leaves[leafIndex]!,
          root: treeRoot(leaves.slice(0, tree)),
          proof,
        };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: flipBit(claim.leafHash, bit) })).toBe(false);
        expect(verifyInclusion({ ...claim, root: flipBit(claim.root, bit) })).toBe(false);
        if (proof.length === 0) return;
        const at = pick % proof.length;
        const bent = proof.map((hash, index) => (index === at ? flipBit(hash, bit) : hash));
        expect(verifyInclusion({ ...claim, proof: bent })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(false);
      }),
    );
  });

  test('no leaf verifies at another place', () => {
    fc.assert(
      fc.property(sizeAndBelow, fc.nat(leaves.length), ([tree, leafIndex], other) => {
        fc.pre(other !== leafIndex);
        const proof = proofFrom(inclusionPath(leafIndex, tree), read);
        const root = treeRoot(leaves.slice(0, tree));
        const leaf = leaves[leafIndex]!;
        const claim = { leafIndex: other, treeSize: tree, leafHash: leaf, root, proof };
        expect(verifyInclusion(claim)).toBe(false);
      }),
    );
  });
});

describe('consistency', () => {
  test('every proof verifies, and no proof with one bit changed', () => {
    fc.assert(
      fc.property(sizeAndBelow, fc.nat(255), fc.nat(), ([newSize, below], bit, pick) => {
        const oldSize = below + 1;
        const proof = proofFrom(consistencyPath(oldSize, newSize), read);
        const claim = {
          oldSize,
          newSize,
          oldRoot: treeRoot(leaves.slice(0, oldSize)),
          newRoot: treeRoot(leaves.slice(0, newSize)),
          proof,
        };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: flipBit(claim.oldRoot, bit) })).toBe(false);
        expect(verifyConsistency({ ...claim, newRoot: flipBit(claim.newRoot, bit) })).toBe(false);
        const shown = provedOldRoot(claim);
        const isShown = oldSize < newSize && !Number.isInteger(Math.log2(oldSize));
        expect(shown && sameHash(shown, claim.oldRoot)).toBe(isShown || undefined);
        if (proof.length === 0) return;
        const at = pick % proof.length;
        const bent = proof.map((hash, index) => (index === at ? flipBit(hash, bit) : hash));
        expect(verifyConsistency({ ...claim, proof: bent })).toBe(false);
        expect(provedOldRoot({ ...claim, proof: bent })).toBeUndefined();
        const longer = [...proof, proof[0]!];
        expect(verifyConsistency({ ...claim, proof: longer })).toBe(false);
        expect(provedOldRoot({ ...claim, proof: longer })).toBeUndefined();
      }),
    );
  });

  test('every subtree of a tree verifies as part of it', () => {
    const subtree = fc
      .tuple(size, fc.nat(8), fc.nat())
      .map(([tree, level, pick]): { tree: number; range: LeafRange } | undefined => {
        const width = 2 ** level;
        const start = width * (pick % Math.ceil(tree / width));
        const end = Math.min(tree, start + 1 + (pick % width));
        return start < end ? { tree, range: { start, end } } : undefined;
      })
      .filter((value) => value !== undefined);
    fc.assert(
      fc.property(subtree, fc.nat(255), ({ tree, range }, bit) => {
        const claim = {
          ...range,
          treeSize: tree,
          subtreeRoot: treeRoot(leaves.slice(range.start, range.end)),
          root: treeRoot(leaves.slice(0, tree)),
          proof: proofFrom(subtreeConsistencyPath(range, tree), read),
        };
        expect(verifySubtreeConsistency(claim)).toBe(true);
        const bent = flipBit(claim.subtreeRoot, bit);
        expect(verifySubtreeConsistency({ ...claim, subtreeRoot: bent })).toBe(false);
      }),
    );
  });

  test('a subtree is made of complete nodes that cover it', () => {
    expect(nodesOf({ start: 0, end: 7 })).toEqual([
      { level: 2, index: 0 },
      { level: 1, index: 2 },
      { level: 0, index: 6 },
    ]);
  });
});
