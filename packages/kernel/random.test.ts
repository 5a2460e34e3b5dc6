import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemRandom } from './random.ts';

describe('the platform’s generator', () => {
  test('gives as many bytes as were asked for, in a buffer of their own', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 600 }), (length) => {
        const bytes = systemRandom.bytes(length);
        expect(bytes.length).toBe(length);
        expect(bytes.buffer.byteLength).toBe(length);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('never gives the same bytes twice, and none that were cleared', () => {
    const seen = new Set<string>();
    // More than are drawn at once, several times over.
    for (let turn = 0; turn < 2_000; turn += 1) {
      seen.add(Buffer.from(systemRandom.bytes(16)).toString('hex'));
    }
    expect(seen.size).toBe(2_000);
    expect(seen).not.toContain('0'.repeat(32));
  });
});
