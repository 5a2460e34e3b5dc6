import { ProblemError } from '@proofline/protocol';
import type { Db, Storage } from '@proofline/storage';
import { describe, expect, it } from 'vitest';
import { takeStep } from './keep-step.ts';

/** A database in which each transaction is a try. */
const storage = {
  transaction: async <T>(work: (tx: Db) => Promise<T>) => work({} as Db), // nothing is read of it
} as Storage; // what is called

/** A step that somebody else comes before so often. */
function stepAfter(moves: number, because = 'the recovery moved meanwhile') {
  let tried = 0;
  const step = async () => {
    tried += 1;
    if (tried <= moves) throw new ProblemError('server.busy', { internal: because });
    return tried;
  };
  return { step, tried: () => tried };
}

describe('a step of a recovery', () => {
  it('is taken anew where another was taken at the same moment, and not for ever', async () => {
    const twice = stepAfter(2);
    expect(await takeStep({ storage }, twice.step)).toBe(3);
    const always = stepAfter(9);
    await expect(takeStep({ storage }, always.step)).rejects.toThrow('server.busy');
    expect(always.tried()).toBe(3);
  });

  it('is not taken anew for any other reason', async () => {
    const once = stepAfter(1, 'what was laid by has changed meanwhile');
    await expect(takeStep({ storage }, once.step)).rejects.toThrow('server.busy');
    expect(once.tried()).toBe(1);
  });
});
