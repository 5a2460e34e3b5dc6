import { fixedClock } from '@proofline/kernel';
import { describe, expect, it } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

const open = (keysMax = 10) => {
  const clock = fixedClock(0);
  const limit = createRateLimit({ clock, callsMax: 3, windowMs: 1_000, keysMax });
  const passes = (key: string) => {
    try {
      limit.check(key);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'request.too-many' });
      return false;
    }
  };
  return { clock, passes };
};

describe('the rate limit', () => {
  it('lets so many calls pass in a window, and no more', () => {
    const { passes } = open();
    expect([1, 2, 3, 4, 5].map(() => passes('a'))).toEqual([true, true, true, false, false]);
  });

  it('counts each key for itself', () => {
    const { passes } = open();
    for (let n = 0; n < 5; n += 1) passes('a');
    expect(passes('b')).toBe(true);
  });

  it('begins anew with the next window, and not before', () => {
    const { clock, passes } = open();
    for (let n = 0; n < 5; n += 1) passes('a');
    clock.advance(999);
    expect(passes('a')).toBe(false);
    clock.advance(1);
    expect(passes('a')).toBe(true);
  });

  it('remembers a bounded number of keys; who is known goes on, who is new waits', () => {
    const { clock, passes } = open(2);
    expect(['a', 'b', 'c', 'a', 'd'].map(passes)).toEqual([true, true, false, true, false]);
    clock.advance(1_000);
    expect(passes('c')).toBe(true);
  });
});
