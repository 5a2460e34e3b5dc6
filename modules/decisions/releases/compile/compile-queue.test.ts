import { describe, expect, test } from 'vitest';
import { productPolicies } from '../../../../packages/policy/testing/product-policies.ts';
import { createCompileQueue, type Urgency } from './compile-queue.ts';
import { startCompileThread, type CompileThread } from './compile-thread.ts';
import type { Compiled, CompileJob } from './messages.ts';

const idleMaxMs = 1_000;
const keptMaxBytes = 128 * 2 ** 20;
const done: Compiled = { faults: [] };
const jobOf = (schema: string): CompileJob => {
  return { text: { schema, policies: [] }, cases: [], isStored: true };
};

/** A queue over threads that do what the test says, when it says so. */
function heldQueue({ jobMaxMs = 60_000, heapBytes = 0, idleMaxMs: idle = idleMaxMs } = {}) {
  const begun: { readonly name: string; readonly finish: () => void }[] = [];
  const threads: { isEnded: boolean; isOver: boolean }[] = [];
  const start = (): CompileThread => {
    const thread = { isEnded: false, isOver: false };
    threads.push(thread);
    return {
      run: ({ text }) =>
        new Promise((resolve) => {
          begun.push({ name: text.schema, finish: () => resolve(done) });
        }),
      heapBytes: () => heapBytes,
      isOver: () => thread.isOver,
      end: () => (thread.isEnded = true),
    };
  };
  const queue = createCompileQueue({ start, jobMaxMs, keptMaxBytes, idleMaxMs: idle });
  return {
    begun,
    threads,
    names: () => begun.map(({ name }) => name),
    put: (name: string, urgency: Urgency) => queue.lookOver(jobOf(name), urgency),
  };
}

describe('the line of sets to compile', () => {
  test('lets what becomes live past a large proposal that is being compiled, and past all that wait', async () => {
    const { put, begun, names } = heldQueue();
    const large = put('a large proposal', 'ordinary');
    void put('a shadow', 'ordinary');
    const rollback = put('a rollback', 'urgent');
    expect(names()).toEqual(['a large proposal', 'a rollback']);
    void put('a release to follow', 'urgent');
    begun[0]?.finish();
    await large;
    expect(names().at(-1)).toBe('a release to follow');
    begun[1]?.finish();
    await rollback;
    // What is not urgent never takes the second thread.
    expect(names()).not.toContain('a shadow');
    begun[2]?.finish();
    await expect.poll(names).toContain('a shadow');
  });

  test('counts the time of a set from when it is begun, and ends only the thread that takes too long', async () => {
    const { put, begun, threads, names } = heldQueue({ jobMaxMs: 500 });
    const stuck = put('stuck', 'ordinary');
    const next = put('next', 'ordinary');
    await expect(stuck).rejects.toThrow('longer than 500 ms');
    expect(threads.map(({ isEnded }) => isEnded)).toEqual([true, false]);
    expect(names()).toEqual(['stuck', 'next']);
    begun[1]?.finish();
    await expect(next).resolves.toEqual(done);
  });
});

describe('the first thread', () => {
  const run = async (heapBytes: number) => {
    const { put, begun, threads } = heldQueue({ heapBytes, idleMaxMs: 5 });
    const [first, second] = [put('a proposal', 'ordinary'), put('a rollback', 'urgent')];
    for (const { finish } of begun) finish();
    await Promise.all([first, second]);
    return threads;
  };

  test('is replaced at once where it ended while it had nothing to do', async () => {
    const { put, begun, threads } = heldQueue();
    const first = put('before', 'ordinary');
    begun[0]?.finish();
    await first;
    for (const thread of threads) thread.isOver = true;
    const next = put('after', 'ordinary');
    expect(threads).toHaveLength(2);
    begun[1]?.finish();
    await expect(next).resolves.toEqual(done);
  });

  test('stays warm, however long it has nothing to do; the second one ends', async () => {
    const threads = await run(keptMaxBytes);
    await expect.poll(() => threads.map(({ isEnded }) => isEnded)).toEqual([false, true]);
  });

  test('ends like the second one when it holds more than may be kept', async () => {
    const threads = await run(keptMaxBytes + 1);
    await expect.poll(() => threads.map(({ isEnded }) => isEnded)).toEqual([true, true]);
  });
});

describe('a thread that compiles', () => {
  const text = productPolicies();
  const whole: CompileJob = { text, cases: [], isStored: true };

  test('that runs out of its memory fails its own set; the next one has a new thread', async () => {
    let memoryMaxMb = 12;
    const queue = createCompileQueue({
      start: () => startCompileThread({ memoryMaxMb }),
      jobMaxMs: 60_000,
      keptMaxBytes,
      idleMaxMs,
    });
    await expect(queue.lookOver(whole, 'ordinary')).rejects.toThrow(/memory/);
    memoryMaxMb = 512;
    expect(await queue.lookOver(whole, 'ordinary')).toHaveProperty('parts');
  });

  test('that takes too long is ended while it works', async () => {
    const queue = createCompileQueue({
      start: () => startCompileThread({ memoryMaxMb: 512 }),
      jobMaxMs: 20,
      keptMaxBytes,
      idleMaxMs,
    });
    await expect(queue.lookOver(whole, 'urgent')).rejects.toThrow('longer than 20 ms');
  });
});
