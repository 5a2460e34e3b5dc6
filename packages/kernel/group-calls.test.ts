import { expect, test } from 'vitest';
import { err, groupCalls, lookUpTogether, ok, type CallGroups, type Result } from './index.ts';

/** Groups whose work ends when the test says so. */
function world(change: Partial<CallGroups<number, string>> = {}) {
  const groups: {
    readonly items: readonly number[];
    readonly end: (outcomes?: readonly Result<string, unknown>[]) => void;
    readonly fail: (error: Error) => void;
  }[] = [];
  const call = groupCalls<number, string>({
    groupMax: 3,
    waitingMax: 5,
    atOnceMax: 1,
    full: () => new Error('full'),
    work: (items) => {
      const { promise, resolve, reject } =
        Promise.withResolvers<readonly Result<string, unknown>[]>();
      const all = items.map((item) => ok(`done ${item}`));
      groups.push({ items, end: (outcomes = all) => resolve(outcomes), fail: reject });
      return promise;
    },
    ...change,
  });
  return { call, groups };
}

const turn = () => new Promise((resolve) => void setImmediate(resolve));
const outcomeOf = (calls: readonly Promise<string>[]) =>
  Promise.all(calls.map((one) => one.catch((error: Error) => error.message)));

test('calls that come while a group is worked at go together, in their order', async () => {
  const { call, groups } = world();
  const first = call(1);
  await turn();
  const others = [2, 3, 4, 5].map(call);
  await turn();
  expect(groups.map(({ items }) => items)).toEqual([[1]]);
  groups[0]?.end();
  await turn();
  expect(groups[1]?.items).toEqual([2, 3, 4]);
  groups[1]?.end();
  await turn();
  groups[2]?.end();
  expect(await outcomeOf([first, ...others])).toEqual(
    [1, 2, 3, 4, 5].map((item) => `done ${item}`),
  );
});

test('one that fails takes no other with it; where nothing is told apart, all fail', async () => {
  const { call, groups } = world();
  const calls = [1, 2].map(call);
  await turn();
  groups[0]?.end([err(new Error('bad')), ok('good')]);
  expect(await outcomeOf(calls)).toEqual(['bad', 'good']);
  const lost = [3, 4].map(call);
  await turn();
  groups[1]?.fail(new Error('gone'));
  expect(await outcomeOf(lost)).toEqual(['gone', 'gone']);
  const missing = call(5);
  await turn();
  groups[2]?.end([]);
  await expect(missing).rejects.toThrow('no outcome');
});

test('what comes on top of a full line is refused, and the line goes on', async () => {
  const { call, groups } = world();
  const first = call(0);
  await turn();
  const waiting = [1, 2, 3, 4, 5].map(call);
  await expect(call(6)).rejects.toThrow('full');
  for (let group = 0; group < 3; group += 1) {
    groups[group]?.end();
    await turn();
  }
  expect(await outcomeOf([first, ...waiting])).not.toContain('full');
  const later = call(7);
  await turn();
  groups[3]?.end();
  expect(await later).toBe('done 7');
});

test('a call that is heavier than a group goes alone, and is not starved', async () => {
  const { call, groups } = world({ weigh: (item) => item });
  const calls = [call(9)];
  await turn();
  calls.push(call(2), call(3));
  groups[0]?.end();
  await turn();
  groups[1]?.end();
  await turn();
  groups[2]?.end();
  await outcomeOf(calls);
  expect(groups.map(({ items }) => items)).toEqual([[9], [2], [3]]);
});

test('no more groups are worked at side by side than may be', async () => {
  const { call, groups } = world({ atOnceMax: 2, groupMax: 1 });
  const calls = [1, 2, 3].map(call);
  await turn();
  expect(groups).toHaveLength(2);
  groups[0]?.end();
  await turn();
  expect(groups).toHaveLength(3);
  for (const { end } of groups) end();
  expect(await outcomeOf(calls)).toHaveLength(3);
});

test('what is looked up at the same time is found in one go, never by a look that began before', async () => {
  let stored = new Map([['a', 1]]);
  const looks: (readonly string[])[] = [];
  const find = lookUpTogether(async (keys: readonly string[]) => {
    looks.push(keys);
    const seen = stored;
    await turn();
    return seen;
  });
  const early = [find('a'), find('a'), find('b')];
  await Promise.resolve();
  await Promise.resolve();
  // The first look is under way; whoever asks now must see this.
  stored = new Map([['a', 2]]);
  expect(await Promise.all([...early, find('a')])).toEqual([1, 1, undefined, 2]);
  expect(looks).toEqual([['a', 'b'], ['a']]);
});
