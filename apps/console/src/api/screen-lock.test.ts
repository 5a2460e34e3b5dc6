import { describe, expect, test } from 'vitest';
import { createScreenLock } from './screen-lock.ts';

/** A server that answers, or does not, in turn; nothing is waited for. */
function world(answers: readonly ('told' | 'silent')[] = ['told']) {
  const told: string[] = [];
  const lock = createScreenLock({
    tellServer: async (because) => {
      told.push(because);
      if (answers[told.length - 1] === 'silent') throw new Error('no answer');
    },
    pause: async () => undefined,
  });
  return { lock, told };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the lock of a tab', () => {
  test('darkens the screen before the server has answered', () => {
    const { lock } = world();
    lock.lock('by-hand');
    expect(lock.isLocked.get()).toBe(true);
  });

  test('is told to the server until it has answered, and once', async () => {
    const { lock, told } = world(['silent', 'silent', 'told']);
    lock.lock('idle');
    lock.lock('by-hand');
    await settled();
    expect(told).toEqual(['idle', 'idle', 'idle']);
  });

  test('that the server itself told of is not told back', async () => {
    const { lock, told } = world();
    lock.told(true);
    lock.lock('idle');
    await settled();
    expect(told).toEqual([]);
  });

  test('keeps requests waiting, lets them go on, and lets go of those that were given up', async () => {
    const { lock } = world();
    await lock.whenOpen();
    lock.lock('by-hand');
    const gone: string[] = [];
    const given = new AbortController();
    const waiting = lock.whenOpen().then(() => gone.push('on'));
    const left = lock.whenOpen(given.signal);
    await settled();
    expect(gone).toEqual([]);
    given.abort();
    await expect(left).rejects.toThrow('aborted');
    lock.told(false);
    await waiting;
    expect(gone).toEqual(['on']);
    lock.lock('by-hand');
    await expect(lock.whenOpen(given.signal)).rejects.toThrow('aborted');
  });
});
