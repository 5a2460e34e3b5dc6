import {
  inclusionPath,
  leafHash,
  logSigner,
  nodesOf,
  foldPeaks,
  toBase64,
  treeRoot,
  type NodeRef,
} from '@proofline/evidence';
import { describe, expect, test } from 'vitest';
import { checkInclusion, type InclusionClaim } from './check-inclusion.ts';

const signer = logSigner('staff.test/log', new Uint8Array(32).fill(7));

/** A log of this many entries, and the server's own proof for one of them. */
function claimOf(size: number, index: number): InclusionClaim {
  const leaves = Array.from({ length: size }, (_, leaf) => leafHash(`entry ${leaf}`));
  const node = ({ level, index: at }: NodeRef) =>
    treeRoot(leaves.slice(at * 2 ** level, (at + 1) * 2 ** level));
  const proof = inclusionPath(index, size).map((range) => foldPeaks(nodesOf(range).map(node)));
  return {
    index,
    leafHash: toBase64(leaves[index]!),
    proof: proof.map(toBase64),
    checkpoint: signer.signCheckpoint({ size, root: treeRoot(leaves) }),
    verifierKey: signer.key.text,
  };
}

describe('a proof of inclusion, checked in the browser', () => {
  test('agrees with the log for every leaf of every small tree', async () => {
    for (let size = 1; size <= 20; size += 1) {
      for (let index = 0; index < size; index += 1) {
        expect(await checkInclusion(claimOf(size, index))).toBe('proved');
      }
    }
  });

  const good = claimOf(13, 5);
  const other = toBase64(leafHash('another entry'));
  test.each<[string, Partial<InclusionClaim>, string]>([
    ['another leaf', { leafHash: other }, 'wrong-path'],
    ['another place', { index: 4 }, 'wrong-path'],
    ['a place behind the end', { index: 13 }, 'wrong-path'],
    ['a shorter path', { proof: good.proof.slice(1) }, 'wrong-path'],
    ['a longer path', { proof: [...good.proof, other] }, 'wrong-path'],
    ['another root', { checkpoint: good.checkpoint.replace('13', '14') }, 'wrong-signature'],
    [
      'another key',
      { verifierKey: logSigner('staff.test/log', new Uint8Array(32).fill(8)).key.text },
      'wrong-signature',
    ],
    [
      'another log',
      { verifierKey: signer.key.text.replace('staff.test', 'evil.test') },
      'wrong-signature',
    ],
    ['no checkpoint', { checkpoint: 'hello\n' }, 'unreadable'],
    ['no hash', { proof: ['%'] }, 'unreadable'],
  ])('finds %s', async (_, wrong, verdict) => {
    expect(await checkInclusion({ ...good, ...wrong })).toBe(verdict);
  });
});
