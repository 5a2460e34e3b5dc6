import { fixedClock, limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { describe, expect, it } from 'vitest';
import { createFailedCalls, type Attempt } from './failed-calls.ts';

function open() {
  const clock = fixedClock(0);
  const calls = createFailedCalls(clock);
  const guess = (n: number, change: Partial<Attempt> = {}): Attempt => ({
    kind: 'customer',
    address: 'site',
    credential: `guess ${n}`,
    ...change,
  });
  const isLooked = (attempt: Attempt): boolean => {
    try {
      calls.check(attempt);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'request.too-many' });
      return false;
    }
  };
  const fail = (times: number, change: Partial<Attempt> = {}) => {
    let looked = 0;
    for (let n = 0; n < times; n += 1) {
      const attempt = guess(n, change);
      if (!isLooked(attempt)) continue;
      looked += 1;
      calls.failed(attempt);
    }
    return looked;
  };
  return { clock, calls, guess, isLooked, fail };
}

describe('credentials that are none', () => {
  it('are looked at so often in a minute and not again, from that address', () => {
    const { clock, guess, isLooked, fail } = open();
    expect(fail(10_000)).toBe(limits.failedCustomerCallsPerMinuteMax);
    expect(fail(10_000, { kind: 'staff' })).toBe(limits.failedStaffCallsPerMinuteMax);
    expect(isLooked(guess(1, { address: 'elsewhere' }))).toBe(true);
    clock.advance(60_000);
    expect(isLooked(guess(1))).toBe(true);
  });

  it('of 300 agents whose sessions have just ended leave room for their next sign-in', () => {
    const { guess, isLooked, fail } = open();
    expect(fail(300 * 9, { kind: 'staff' })).toBe(2_700);
    expect(isLooked(guess(9_999, { kind: 'staff' }))).toBe(true);
  });

  it('do not shut out who is signed in at the same address, until that ends', () => {
    const { calls, guess, isLooked, fail } = open();
    const neighbour = guess(0, { credential: 'a good one' });
    calls.proved(neighbour);
    fail(10_000);
    expect(isLooked(neighbour)).toBe(true);
    expect(() => calls.failed(neighbour)).toThrow(ProblemError);
    expect(isLooked(neighbour)).toBe(false);
  });

  it('which are remembered as good are bounded, and the one in use stays', () => {
    const { calls, guess } = open();
    const [busy, idle] = [guess(0, { credential: 'busy' }), guess(0, { credential: 'idle' })];
    calls.proved(idle);
    for (let n = 0; n < 50_001; n += 1) {
      calls.proved(guess(n));
      if (n % 1_000 === 0) calls.proved(busy);
    }
    expect([calls.isKnown(busy), calls.isKnown(idle)]).toEqual([true, false]);
  });
});
