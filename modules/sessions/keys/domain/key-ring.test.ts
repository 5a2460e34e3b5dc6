import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goodKeys, keysAt, type KeyRow } from './key-ring.ts';

const jwk = { kty: 'EC', crv: 'P-256' };
const row = (sequence: number, over: Partial<KeyRow> = {}): KeyRow => ({
  sequence,
  kid: `k${sequence}`,
  publicJwk: jwk,
  privateJwk: jwk,
  publishedAtMs: 0,
  signsFromMs: 0,
  olderUntilMs: 0,
  because: 'asked',
  ...over,
});
const states = (rows: readonly KeyRow[], nowMs: number) =>
  Object.fromEntries(keysAt(rows, nowMs).keys.map(({ kid, state }) => [kid, state]));

test('a key is published before it signs, and good until its last token has expired', () => {
  const rows = [row(0), row(1, { publishedAtMs: 100, signsFromMs: 200, olderUntilMs: 500 })];
  expect(states(rows, 150)).toEqual({ k1: 'next', k0: 'current' });
  expect(keysAt(rows, 150).changesAtMs).toBe(200);
  expect(states(rows, 200)).toEqual({ k1: 'current', k0: 'retiring' });
  expect(states(rows, 499)).toEqual({ k1: 'current', k0: 'retiring' });
  expect(states(rows, 500)).toEqual({ k1: 'current', k0: 'retired' });
});

test('a compromise ends every key before it, the one that was to be next too', () => {
  const rows = [
    row(0),
    row(1, { signsFromMs: 10_000, olderUntilMs: 20_000 }),
    row(2, { signsFromMs: 300, olderUntilMs: 300, because: 'compromised' }),
  ];
  expect(states(rows, 299)).toEqual({ k2: 'next', k1: 'next', k0: 'current' });
  expect(states(rows, 300)).toEqual({ k2: 'current', k1: 'retired', k0: 'retired' });
  expect(states(rows, 10_001)).toEqual({ k2: 'current', k1: 'retired', k0: 'retired' });
});

test('a key whose private half is elsewhere verifies and never signs', () => {
  const rows = [row(0), row(1, { privateJwk: undefined, olderUntilMs: 900 })];
  const at = keysAt(rows, 500);
  expect(at.current.kid).toBe('k0');
  expect(goodKeys(at).map(({ kid }) => kid)).toEqual(['k0', 'k1']);
  expect(() => keysAt([row(0, { privateJwk: undefined })], 1)).toThrow(RangeError);
});

test('at every moment exactly one key signs, and what signed a moment ago is still good', () => {
  const rotation = fc.record({
    at: fc.integer({ min: 1, max: 10_000 }),
    lead: fc.integer({ min: 0, max: 500 }),
    overlap: fc.integer({ min: 301, max: 2_000 }),
  });
  fc.assert(
    fc.property(fc.array(rotation, { maxLength: 6 }), (rotations) => {
      const rows = [
        row(0),
        ...rotations
          .toSorted((a, b) => a.at - b.at)
          .map(({ at, lead, overlap }, index) =>
            row(index + 1, {
              publishedAtMs: at,
              signsFromMs: at + lead,
              olderUntilMs: at + lead + overlap,
            }),
          ),
      ];
      for (let now = 0; now < 11_000; now += 97) {
        // Rows that are not written yet are not read.
        const known = (at: number) => rows.filter(({ publishedAtMs }) => publishedAtMs <= at);
        const then = keysAt(known(now), now);
        expect(then.keys.filter(({ state }) => state === 'current')).toHaveLength(1);
        const later = goodKeys(keysAt(known(now + 300), now + 300)).map(({ kid }) => kid);
        expect(later).toContain(then.current.kid);
      }
    }),
    { numRuns: 100, seed: 20_261_122 },
  );
});
