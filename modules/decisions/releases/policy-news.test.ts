import { handle, listReleases, withdrawCandidate } from '@proofline/protocol';
import { expect, test } from 'vitest';
import type { DecisionsContext } from '../context.ts';
import type { PolicyChange } from './domain/policy-change.ts';
import { createPolicyNews } from './policy-news.ts';

/** A node with a release in force, and what its screens were told. */
function world() {
  const told: PolicyChange[] = [];
  const ref = { sequence: 1, digest: 'a' };
  // Of the context, only what news look at.
  const context = {
    release: () => ({ ref }),
    stages: { taken: undefined },
    onPoliciesChanged: (change: PolicyChange) => void told.push(change),
  } as unknown as DecisionsContext;
  const news = createPolicyNews(context);
  let outcome: () => Promise<unknown> = async () => ({});
  const [list, withdraw] = news.telling([
    handle(listReleases, async () => ({ releases: [], candidates: [] })),
    handle(withdrawCandidate, (async () => outcome()) as never),
  ]);
  return {
    told,
    ref,
    news,
    list: () => list!.handler({} as never),
    withdraw: (does: () => Promise<unknown>) => {
      outcome = does;
      return withdraw!.handler({} as never);
    },
  };
}

test('a change of policies is told when it is done, reading and refusals are not', async () => {
  const { told, list, withdraw } = world();
  await list();
  await expect(withdraw(async () => Promise.reject(new Error('closed')))).rejects.toThrow('closed');
  expect(told).toEqual([]);
  await withdraw(async () => ({}));
  expect(told).toEqual([{ inForce: false }]);
});

test('everybody is told when something else is in force, whichever node did it', async () => {
  const { told, ref, news, withdraw } = world();
  news.look();
  news.look();
  expect(told).toEqual([]);
  ref.sequence = 2;
  news.look();
  expect(told).toEqual([{ inForce: true }]);
  await withdraw(async () => void (ref.sequence = 3));
  expect(told.at(-1)).toEqual({ inForce: true });
  news.look();
  expect(told).toHaveLength(2);
});
