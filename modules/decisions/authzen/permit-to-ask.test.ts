import { evaluate, evaluateAll, type Route } from '@proofline/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FactsSpent } from '../index.ts';
import { openAuthzen, type AuthzenWorld } from '../testing/open-authzen.ts';

let world: AuthzenWorld;
let transactions = 0;
let earlier = new Set<string>();
beforeAll(async () => {
  world = await openAuthzen();
  world.known['service'] = { values: { role: 'gateway' } };
  const inTransaction = world.storage.transaction;
  // The storage of the module under test: what it was given is this object.
  Object.assign(world.storage, {
    transaction: (work: Parameters<typeof inTransaction>[0]) => {
      transactions += 1;
      return inTransaction(work);
    },
  });
});
afterAll(() => world.storage.close());
beforeEach(async () => {
  earlier = new Set((await world.ledger.drafts()).map(({ id }) => id));
  transactions = 0;
});

/** What was recorded in this test, in no order: entries of one millisecond have none. */
async function madeNow(): Promise<string[]> {
  return (await world.ledger.drafts('decision.made'))
    .filter(({ id }) => !earlier.has(id))
    .map(({ facts }) => `${String(facts?.['action'])} ${String(facts?.['effect'])}`)
    .toSorted();
}

/** Asks as the edge does: the permit to ask first. */
function ask(route: Route, body: unknown, by = { type: 'Service', id: 'svc_gateway' }) {
  const mounted = world.decisions.routes.find((one) => one.route.id === route.id);
  const question = {
    subject: by,
    action: 'decision:evaluate',
    resource: { type: 'Decisions', id: '*' },
  };
  const call = { body: route.body?.parse(body) };
  return world.decisions.requireFor(question, async (permit) =>
    mounted?.handler({ ...call, permit } as never),
  ); // as the edge does
}

test('the permit to ask commits together with what was asked', async () => {
  expect(await ask(evaluate, world.question())).toMatchObject({ decision: true });
  expect(await madeNow()).toEqual(['decision:evaluate permit', 'invoice:read permit']);
  expect(transactions).toBe(1);
  const evaluations = [world.question(), world.refund(500), world.question()];
  await ask(evaluateAll, { evaluations });
  expect(await madeNow()).toHaveLength(6);
  expect(transactions).toBe(2);
});

test('the permit to ask is recorded by itself where nothing came to be asked', async () => {
  await expect(ask(evaluateAll, { subject: { type: 'Staff' } })).rejects.toMatchObject({
    code: 'request.malformed',
  });
  await ask(evaluateAll, { evaluations: [7] });
  expect(await madeNow()).toEqual(['decision:evaluate permit', 'decision:evaluate permit']);
});

test('what cannot be recorded does not take the permit to ask with it, and is not answered', async () => {
  const asked = world.question({ resource: { type: 'Case', id: 'a\ud800b' } });
  await expect(ask(evaluate, asked)).rejects.toThrow('lone surrogate');
  expect(await madeNow()).toEqual(['decision:evaluate permit']);
});

test('nobody is answered where the permit to ask cannot be recorded', async () => {
  const { recordAll } = world.ledger;
  Object.assign(world.ledger, { recordAll: () => Promise.reject(new Error('disk full')) });
  try {
    await expect(ask(evaluate, world.question())).rejects.toThrow('disk full');
    await expect(ask(evaluateAll, { evaluations: [7] })).rejects.toThrow('disk full');
  } finally {
    Object.assign(world.ledger, { recordAll });
  }
  expect(await madeNow()).toEqual([]);
});

test('who may not ask is not asked for, and that is recorded', async () => {
  const staff = { type: 'Staff', id: world.ids.agent };
  await expect(ask(evaluate, world.question(), staff)).rejects.toMatchObject({
    code: 'access.denied',
  });
  expect(await madeNow()).toEqual(['decision:evaluate deny']);
});

test('a permit that uses something up stands after the permit to ask, also where that fails', async () => {
  world.known['approval'] = {
    values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
    onPermit: async () => {
      // The first one is the permit's own.
      expect(transactions).toBe(2);
      throw new FactsSpent();
    },
  };
  expect(await ask(evaluate, world.refund(50_000))).toMatchObject({ decision: false });
  world.known['approval'] = undefined;
  expect(await madeNow()).toEqual(['decision:evaluate permit', 'refund:initiate deny']);
});
