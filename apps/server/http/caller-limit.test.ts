import { fixedClock, limits } from '@proofline/kernel';
import { describe, expect, it } from 'vitest';
import { createCallerLimit, type UnprovedCall } from './caller-limit.ts';

function open() {
  const limit = createCallerLimit(fixedClock(0));
  const call: UnprovedCall = { address: 'site', routeId: 'sign-in.options' };
  return (change: Partial<UnprovedCall> = {}): boolean => {
    try {
      limit.check({ ...call, ...change });
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: 'request.too-many' });
      return false;
    }
  };
}
const times = (count: number, act: (at: number) => boolean) =>
  Array.from({ length: count }, (_, at) => act(at)).filter(Boolean).length;

describe('callers who have proved nothing', () => {
  it('300 agents behind one address sign in within one minute', () => {
    const passes = open();
    expect(times(300 * 5, (at) => passes({ ceremonyId: `uid-${at % 300}` }))).toBe(1_500);
  });

  it('are stopped at one address, and not at another one', () => {
    const passes = open();
    expect(times(2_000, () => passes())).toBe(limits.unprovedCallsPerMinuteMax);
    expect(passes({ address: 'elsewhere' })).toBe(true);
    expect(passes({ routeId: 'sign-in.prompt' })).toBe(true);
  });

  it('who loop over one sign-in are stopped long before their neighbours', () => {
    const passes = open();
    expect(times(5_000, () => passes({ ceremonyId: 'loop' }))).toBe(
      limits.ceremonyCallsPerMinuteMax,
    );
    expect(passes({ ceremonyId: 'neighbour' })).toBe(true);
    // Nobody elsewhere can use up what a sign-in needs.
    expect(passes({ ceremonyId: 'loop', address: 'elsewhere' })).toBe(true);
  });

  it('who invent ids are counted by their address all the same, and shut out nobody', () => {
    const passes = open();
    const invent = (address: string) => (at: number) =>
      passes({ address, ceremonyId: `${address}${'x'.repeat(40)}${at}` });
    for (let at = 0; at < 70; at += 1)
      expect(times(2_000, invent(`a${at}`))).toBe(limits.unprovedCallsPerMinuteMax);
    expect(passes({ address: 'honest', ceremonyId: 'new' })).toBe(true);
  });
});
