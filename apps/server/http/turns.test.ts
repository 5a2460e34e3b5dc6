import { setImmediate as turnOfTheLoop } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createTurns } from './turns.ts';

function open() {
  const turns = createTurns({ turnsMax: 3, turnsPerAddressMax: 2, turnsAwaitedPerAddressMax: 4 });
  const started: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (address: string, name: string) =>
    turns.take(address, async () => {
      started.push(name);
      await new Promise<void>((resolve) => ends.push(resolve));
      return name;
    });
  return { ask, started, ends, turns };
}

describe('the line of callers who are not known', () => {
  it('works at a few at once, and of one address at fewer', async () => {
    const { ask, started, ends } = open();
    const all = ['1', '2', '3'].map((n) => ask('a', `a${n}`));
    all.push(ask('b', 'b1'), ask('c', 'c1'));
    await turnOfTheLoop();
    expect(started).toEqual(['a1', 'a2', 'b1']);
    ends.shift()?.();
    await all[0];
    await turnOfTheLoop();
    expect(started).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('calls one address after the other: a crowd at one does not keep a single one waiting', async () => {
    const { ask, started, ends } = open();
    const crowd = Array.from({ length: 6 }, (_, n) => ask('crowd', `crowd${n}`));
    const other = ask('other', 'other');
    const single = ask('single', 'single');
    const mine = ask('single', 'mine');
    await turnOfTheLoop();
    ends[0]?.();
    ends[1]?.();
    await Promise.all([crowd[0], crowd[1]]);
    await turnOfTheLoop();
    expect(started).toContain('other');
    expect(started).toContain('single');
    expect(started.filter((name) => name.startsWith('crowd')).length).toBeLessThanOrEqual(3);
    for (let at = 2; at < 9; at += 1) {
      while (ends[at] === undefined) await turnOfTheLoop();
      ends[at]?.();
    }
    expect(await Promise.all([other, single, mine])).toEqual(['other', 'single', 'mine']);
  });

  it('is no longer than its bound, and a failure gives its turn back', async () => {
    const { turns, ask } = open();
    for (let n = 0; n < 9; n += 1)
      await expect(turns.take('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    const waiting = Array.from({ length: 6 }, (_, n) => ask('a', `${n}`));
    await expect(ask('a', 'late')).rejects.toMatchObject({ code: 'server.busy' });
    void waiting;
    // Elsewhere nobody notices.
    void ask('b', 'b');
  });
});
