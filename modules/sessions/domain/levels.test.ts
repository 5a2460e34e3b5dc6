import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AssuranceTimes } from '@proofline/protocol';
import { raiseLevels, satisfiesAcr, stateAssurance } from './levels.ts';

const logins = fc.array(
  fc.record({ acr: fc.constantFrom('phr', 'phrh'), after: fc.nat({ max: 10_000 }) }),
  { minLength: 1, maxLength: 20 },
);

/** The levels after a row of logins, and every login with its time. */
function play(row: readonly { acr: 'phr' | 'phrh'; after: number }[]) {
  let now = 1_800_000_000;
  let levels: AssuranceTimes = {};
  const done = row.map(({ acr, after }) => {
    now += after;
    levels = raiseLevels(levels, acr, now);
    return { acr, at: now };
  });
  return { levels, done, now };
}

describe('levels of assurance', () => {
  it('hold the last proof at each level or above, whatever came later', () => {
    fc.assert(
      fc.property(logins, (row) => {
        const { levels, done } = play(row);
        expect(levels.phr).toBe(done.at(-1)?.at);
        expect(levels.phrh).toBe(done.findLast(({ acr }) => acr === 'phrh')?.at);
      }),
    );
  });
  it('are never lowered, not even by a clock that went back', () => {
    fc.assert(
      fc.property(logins, fc.constantFrom('phr', 'phrh'), fc.integer(), (row, acr, at) => {
        const { levels } = play(row);
        const after = raiseLevels(levels, acr, at);
        expect(after.phr).toBeGreaterThanOrEqual(levels.phr ?? 0);
        expect(after.phrh ?? 0).toBeGreaterThanOrEqual(levels.phrh ?? 0);
      }),
    );
  });
  it('are stated only as they were proved, at the time they were proved, if that will do', () => {
    const demands = fc.record({
      acrValues: fc.subarray(['phr', 'phrh', 'other']),
      maxAgeSeconds: fc.option(fc.nat({ max: 20_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(logins, demands, (row, { acrValues, maxAgeSeconds }) => {
        const { levels, done, now } = play(row);
        const demand = maxAgeSeconds === undefined ? { acrValues } : { acrValues, maxAgeSeconds };
        const statement = stateAssurance(levels, demand, now);
        const fits = done.filter(
          ({ acr, at }) =>
            satisfiesAcr(acr, acrValues) &&
            (maxAgeSeconds === undefined || now - at <= maxAgeSeconds),
        );
        expect(statement !== undefined).toBe(fits.length > 0);
        if (!statement) return;
        const real = done.filter(({ at }) => at === statement.authTime);
        expect(real.some(({ acr }) => acr === statement.acr || acr === 'phrh')).toBe(true);
      }),
    );
  });
  it('take the stronger for the weaker and never the other way round', () => {
    expect(satisfiesAcr('phrh', ['phr'])).toBe(true);
    expect(satisfiesAcr('phr', ['phrh'])).toBe(false);
    expect(satisfiesAcr('phr', ['phrh', 'phr'])).toBe(true);
    expect(satisfiesAcr('phrh', ['urn:other'])).toBe(false);
    expect(satisfiesAcr('phr', [])).toBe(true);
  });
});
