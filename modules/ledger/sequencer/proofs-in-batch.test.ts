import { compactRange, leafHash, verifyInclusion } from '@proofline/evidence';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createBatchProofs } from './proofs-in-batch.ts';

test('every entry of a turn is proved from the turn alone, wherever the log was before it', () => {
  const sizes = fc.record({ before: fc.nat(700), added: fc.integer({ min: 1, max: 90 }) });
  fc.assert(
    fc.property(sizes, ({ before, added }) => {
      const range = compactRange();
      for (let at = 0; at < before; at += 1) range.append(leafHash(`${at}`));
      const from = { size: before, root: range.root(), peaks: [...range.peaks], checkpoint: '' };
      const proofs = createBatchProofs(from);
      for (let at = before; at < before + added; at += 1) {
        range.append(leafHash(`${at}`), proofs.sink);
      }
      for (let leafIndex = before; leafIndex < range.size; leafIndex += 1) {
        const isIn = verifyInclusion({
          leafIndex,
          leafHash: leafHash(`${leafIndex}`),
          treeSize: range.size,
          proof: proofs.proofOf(leafIndex, range.size),
          root: range.root(),
        });
        expect(isIn).toBe(true);
      }
    }),
    { numRuns: 60, seed: 3 },
  );
});
