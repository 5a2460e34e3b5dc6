import { evaluate, evaluateAll, reportResult, type Route } from '@proofline/protocol';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { FactsSpent } from '../index.ts';
import { tablesOf } from '../store/tables.ts';
import { openAuthzen, type AuthzenWorld } from '../testing/open-authzen.ts';

let world: AuthzenWorld;
let transactions = 0;
let earlier = new Set<string>();
let decidedBefore = new Set<string>();
beforeAll(async () => {
  world = await openAuthzen();
  world.known['service'] = { values: { role: 'gateway', permitsAction: true, owned: true } };
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
  decidedBefore = new Set((await decisions()).map((row) => row.decision_id));
  transactions = 0;
});

const decisions = () => tablesOf(world.storage.db).selectFrom('decisions').selectAll().execute();
const decidedNow = async () =>
  (await decisions()).filter((row) => !decidedBefore.has(row.decision_id));
const entriesNow = async () => (await world.ledger.drafts()).filter(({ id }) => !earlier.has(id));

/** What was decided in this test, in no order: ids of one millisecond have none. */
const madeNow = async (): Promise<string[]> =>
  (await decidedNow()).map(({ action, effect }) => `${action} ${effect}`).toSorted();

const gateway = { type: 'Service', id: 'svc_gateway' };

/** Asks as the edge does: the permit to ask first. */
function ask(route: Route, body: unknown, by = gateway) {
  const mounted = world.decisions.routes.find((one) => one.route.id === route.id);
  const question = {
    subject: by,
    // All of these routes have one.
    action: route.action!,
    resource: { type: 'Decisions', id: '*' },
  };
  const call = { body: route.body?.parse(body) };
  return world.decisions.requireFor(question, async (permit) =>
    mounted?.handler({ ...call, permit } as never),
  ); // as the edge does
}

test('the permit to ask commits together with what was asked, and is told of in its entry', async () => {
  expect(await ask(evaluate, world.question())).toMatchObject({ decision: true });
  expect(await madeNow()).toEqual(['decision:evaluate permit', 'invoice:read permit']);
  const [permit] = (await decidedNow()).filter(({ action }) => action === 'decision:evaluate');
  expect(await entriesNow()).toMatchObject([
    {
      id: permit?.evidence_id,
      kind: 'decision.made',
      refs: {
        permitId: permit?.decision_id,
        decisionId: expect.not.stringMatching(permit!.decision_id),
      },
      subjects: { actor: world.ids.agent, asker: 'svc_gateway' },
      facts: {
        action: 'invoice:read',
        asked: {
          action: 'decision:evaluate',
          policies: [expect.any(String)],
          release: { sequence: 1, digest: expect.any(String) },
        },
      },
    },
  ]);
  expect(transactions).toBe(1);
});

test('every question of a batch says who asked, and one of them tells of the permit', async () => {
  const evaluations = [world.question(), world.refund(500), world.question()];
  await ask(evaluateAll, { evaluations });
  expect(await madeNow()).toHaveLength(4);
  const entries = await entriesNow();
  expect(entries.map(({ subjects }) => subjects?.['asker'])).toEqual(Array(3).fill('svc_gateway'));
  expect(new Set(entries.map(({ refs }) => refs?.['permitId'])).size).toBe(1);
  expect(transactions).toBe(1);
});

test('so does what became of a permit', async () => {
  await ask(evaluate, world.question());
  const [row] = (await decidedNow()).filter(({ action }) => action === 'invoice:read');
  const body = { decisionId: row?.decision_id, outcome: 'completed', upstreamStatus: 200 };
  expect(await ask(reportResult, body)).toMatchObject({ stillPermitted: true });
  expect(await madeNow()).toContain('result:report permit');
  const told = (await entriesNow()).filter(({ kind }) => kind === 'request.completed');
  expect(told).toMatchObject([
    { subjects: { asker: 'svc_gateway' }, facts: { asked: { action: 'result:report' } } },
  ]);
  // A second result is refused; who was permitted to say so is on record by itself.
  await expect(ask(reportResult, body)).rejects.toMatchObject({ code: 'decision.not-reportable' });
  const reports = (await madeNow()).filter((one) => one === 'result:report permit');
  expect(reports).toHaveLength(2);
  const alone = (await entriesNow()).filter(({ facts }) => facts?.['action'] === 'result:report');
  expect(alone).toMatchObject([{ kind: 'decision.made', facts: { effect: 'permit' } }]);
});

test('P3: nobody but who asked says what became of a decision', async () => {
  const other = { type: 'Service', id: 'svc_billing' };
  await ask(evaluate, world.question());
  await ask(evaluateAll, { evaluations: [world.question(), world.question()] });
  const asked = (await decidedNow()).filter(({ action }) => action === 'invoice:read');
  expect(asked).toHaveLength(3);
  for (const row of asked) {
    const body = { decisionId: row.decision_id, outcome: 'completed', upstreamStatus: 200 };
    // In the words for a decision that there is not.
    await expect(ask(reportResult, body, other)).rejects.toMatchObject({
      code: 'evidence.unknown',
    });
    expect(await ask(reportResult, body)).toMatchObject({ stillPermitted: true });
  }
  // Nor does anybody for what the server asked itself, the permit to ask among it.
  const own = (await decidedNow()).filter(({ action }) => action === 'decision:evaluate');
  for (const row of own) {
    const body = { decisionId: row.decision_id, outcome: 'completed', upstreamStatus: 200 };
    await expect(ask(reportResult, body)).rejects.toMatchObject({ code: 'evidence.unknown' });
  }
  expect((await entriesNow()).filter(({ kind }) => kind === 'request.completed')).toHaveLength(3);
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

test('a permit that uses something up tells of the permit to ask, also where it comes too late', async () => {
  world.known['approval'] = {
    values: { approved: true, byOther: true, sameDesk: true, reasonCode: 'goodwill' },
    onPermit: async () => {
      throw new FactsSpent();
    },
  };
  expect(await ask(evaluate, world.refund(50_000))).toMatchObject({ decision: false });
  world.known['approval'] = undefined;
  expect(await madeNow()).toEqual(['decision:evaluate permit', 'refund:initiate deny']);
  expect(await entriesNow()).toMatchObject([{ facts: { effect: 'deny', asked: {} } }]);
});
