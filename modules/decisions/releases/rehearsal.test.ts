import { setImmediate as turn } from 'node:timers/promises';
import { newId } from '@proofline/kernel';
import type { ReleaseText } from '@proofline/policy';
import type { PipelineCandidate, PipelineDifferences, Replay } from '@proofline/protocol';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  productCases,
  productPolicies,
} from '../../../packages/policy/testing/product-policies.ts';
import { createContext } from '../context.ts';
import { tablesOf } from '../store/tables.ts';
import { createShadow } from './commands/shadow-decisions.ts';
import { releasesWorld } from './testing/releases-world.ts';

let world: Awaited<ReturnType<typeof releasesWorld>> | undefined;
afterEach(async () => {
  await world?.storage.close();
  world = undefined;
});
const open = async () => (world = await releasesWorld());

const product = productPolicies();
function withText(from: string, to: string): ReleaseText {
  return {
    schema: product.schema,
    policies: product.policies.map((file) => ({ ...file, text: file.text.replaceAll(from, to) })),
  };
}
/** Thirty seconds old is the proof in this world: one bar stops it, the other lets an old one in. */
const strictest = withText('proof.ageSeconds <= 300', 'proof.ageSeconds <= 10');

/** An address change and two reads under a fresh proof, and one of each when the proof has grown old. */
async function work({ decisions, ask, known }: NonNullable<typeof world>) {
  await decisions.decide(ask('billing-address:update'));
  await decisions.decide(ask('account:read'));
  await decisions.decide(ask('invoice:read'));
  const { proof } = known;
  known['proof'] = { ...proof, values: { ...proof?.values, ageSeconds: 900 } };
  await decisions.decide(ask('billing-address:update'));
  await decisions.decide(ask('account:read'));
  known['proof'] = proof;
}

describe('a candidate in shadow', () => {
  test('decides nothing, and what it would have decided otherwise is counted and named', async () => {
    const { propose, shadow, differences, decisions, ids } = await open();
    const { candidateId } = await propose(strictest);
    expect((await shadow(candidateId, 1)).shadow.isRunning).toBe(true);
    await work(world!);
    await turn();
    await turn();
    await decisions.followShadow();
    const { byPolicy, bySubject, samples } = await differences(candidateId);
    expect(byPolicy).toEqual([{ name: 'tier.fresh-customer-proof', change: 'stopped', count: 1 }]);
    expect(bySubject).toEqual([{ name: ids.agent, change: 'stopped', count: 1 }]);
    expect(samples).toMatchObject([
      {
        action: 'billing-address:update',
        change: 'stopped',
        candidatePolicies: ['tier.fresh-customer-proof'],
      },
    ]);
  });

  test('begins and ends with evidence, counts what it saw, and sees no more afterwards', async () => {
    const { propose, shadow, decisions, ledger, list, ask } = await open();
    const { candidateId } = await propose(strictest);
    await shadow(candidateId, 1);
    await work(world!);
    await turn();
    await decisions.followShadow();
    await shadow(candidateId, 0);
    await decisions.decide(ask('account:read'));
    await turn();
    await decisions.followShadow();
    const [candidate] = (await list()).candidates;
    expect(candidate?.shadow).toMatchObject({ isRunning: false, compared: 5, dropped: 0 });
    expect(await ledger.drafts('policy.shadow-started')).toHaveLength(1);
    const [stopped] = await ledger.drafts('policy.shadow-stopped');
    expect(stopped?.facts).toMatchObject({ compared: 5 });
  });

  test('is asked from a bounded queue: what comes too fast is dropped, and said', async () => {
    const { propose, shadow, decisions, ask, deps, list } = await open();
    const { candidateId } = await propose(strictest);
    await shadow(candidateId, 1);
    const decision = await decisions.decide(ask('self:read'));
    await turn();
    await decisions.followShadow();
    const busy = createShadow();
    const context = createContext(deps);
    await busy.follow(context);
    const { subject: principal, action, resource } = ask('self:read');
    const question = { principal, action, resource, context: { request: {} } };
    let looked = 0;
    const one = {
      decision,
      get question() {
        looked += 1;
        return question;
      },
    };
    expect((await list()).candidates[0]?.shadow).toMatchObject({ compared: 1, dropped: 0 });
    busy.observe(Array.from({ length: 2_500 }, () => one));
    // None of them was compared before the one who asked had the answer.
    expect(looked).toBe(0);
    // They are compared a few at a time; how far that has come depends on the database's pace.
    const counted = async () => {
      await busy.follow(context);
      return (await list()).candidates[0]?.shadow;
    };
    expect(await counted()).toMatchObject({ dropped: 500 });
    await vi.waitFor(
      async () => expect(await counted()).toMatchObject({ compared: 2_001, dropped: 500 }),
      20_000,
    );
  });

  test('ends with its time', async () => {
    const { propose, shadow, decisions, clock, ask, list } = await open();
    const { candidateId } = await propose(strictest);
    await shadow(candidateId, 1);
    clock.advance(3_600_001);
    await decisions.followShadow();
    await decisions.decide(ask('self:read'));
    await turn();
    await decisions.followShadow();
    expect((await list()).candidates[0]?.shadow).toMatchObject({ isRunning: false, compared: 0 });
  });
});

describe('a replay', () => {
  test('derives every recorded decision again to the bit, and says whom a candidate would meet', async () => {
    const { propose, replay, differences, ids } = await open();
    await work(world!);
    const { candidateId } = await propose(strictest);
    const done = await replay(candidateId);
    expect(done).toMatchObject({
      state: 'finished',
      total: 5,
      done: 5,
      reproduced: 5,
      notReproduced: [],
      notDerivable: 0,
    });
    const { bySubject } = await differences(candidateId, { replay: done.replayId });
    expect(bySubject).toEqual([{ name: ids.agent, change: 'stopped', count: 1 }]);
  });

  test('says what a laxer candidate would newly permit', async () => {
    const { propose, replay, differences } = await open();
    await work(world!);
    const laxer = withText('proof.ageSeconds <= 300', 'proof.ageSeconds <= 3000');
    const { candidateId } = await propose(laxer);
    const { replayId } = await replay(candidateId);
    const { samples } = await differences(candidateId, { replay: replayId });
    expect(samples).toMatchObject([
      { change: 'permitted', livePolicies: ['tier.fresh-customer-proof'] },
    ]);
  });

  test('of decisions under an earlier release uses that one', async () => {
    const { propose, promote, replay } = await open();
    await work(world!);
    await promote(await propose(withText('Sign in again.', 'Come back.')));
    const { candidateId } = await propose(withText('Sign in again.', 'Go.'));
    expect(await replay(candidateId)).toMatchObject({ done: 5, reproduced: 5 });
  });

  test('finds a decision whose facts or answer were changed in the database', async () => {
    const { propose, replay, storage } = await open();
    await work(world!);
    await tablesOf(storage.db)
      .updateTable('decisions')
      .set({ facts: '{"request":{}}' })
      .where('action', '=', 'invoice:read')
      .execute();
    const { candidateId } = await propose(strictest);
    const { reproduced, notReproduced } = await replay(candidateId);
    expect({ reproduced, count: notReproduced.length }).toEqual({ reproduced: 4, count: 1 });
  });

  test('derives again what a program alone was denied, and finds where its facts were changed', async () => {
    const { propose, replay, storage, decisions, known, ask } = await open();
    const chainOf = (role: string) => ({
      live: true,
      asIssued: true,
      first: { id: 'svc_one', name: 'One', role, permitsAction: true, owned: true },
    });
    // No assistant any more: nothing forbids it, and nothing permits it.
    known['chain'] = { values: chainOf('gateway') };
    const made = await decisions.decide(ask('invoice:read'));
    expect(made.reasons.map(({ policy }) => policy)).toEqual(['enforcement.program-not-permitted']);
    const { candidateId } = await propose(strictest);
    const whole = { done: 1, reproduced: 1, notReproduced: [], notDerivable: 0 };
    expect(await replay(candidateId)).toMatchObject(whole);
    const row = await tablesOf(storage.db).selectFrom('decisions').selectAll().executeTakeFirst();
    const facts = { ...(JSON.parse(row!.facts) as object), chain: chainOf('assistant') };
    await tablesOf(storage.db)
      .updateTable('decisions')
      .set({ facts: JSON.stringify(facts) })
      .execute();
    const changed = { done: 1, reproduced: 0, notReproduced: [made.decisionId] };
    expect(await replay(candidateId)).toMatchObject(changed);
  });

  test('goes through more decisions than one batch, each once, others having their turn', async () => {
    const { propose, replay, storage, decisions, ask } = await open();
    await decisions.decide(ask('account:read'));
    const row = await tablesOf(storage.db).selectFrom('decisions').selectAll().executeTakeFirst();
    const copies = Array.from({ length: 450 }, (_, index) => {
      const decisionId = `${row!.decision_id.slice(0, -3)}${String(index).padStart(3, '0')}`;
      const decision = row!.decision.replace(row!.decision_id, decisionId);
      return { ...row!, decision_id: decisionId, decision };
    }).filter((one) => one.decision_id !== row!.decision_id);
    await tablesOf(storage.db).insertInto('decisions').values(copies).execute();
    const { candidateId } = await propose(strictest);
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    const done = await replay(candidateId);
    clearInterval(counting);
    expect(done).toMatchObject({ total: copies.length + 1, done: copies.length + 1 });
    expect(done.reproduced).toBe(copies.length + 1);
    expect(turns).toBeGreaterThan(3);
  });
});

describe('a pipeline', () => {
  const body = (text: ReleaseText, note: string) => ({
    body: {
      schema: text.schema,
      files: text.policies,
      cases: productCases(),
      invariants: [],
      note,
    },
  });
  /** The product’s policies with another sentence. */
  const worded = (words: string) => withText('Sign in again.', words);

  test('has its five newest candidates open, the same content once, and none on an older release', async () => {
    const { call, list, stage, promote, propose, vouch } = await open();
    const build = newId('svc', world!);
    const handIn = (words: string) => {
      // Ids of one millisecond have no order.
      world!.clock.advance(1);
      return call<PipelineCandidate>('pipeline.propose', body(worded(words), words), build);
    };
    const opened = async () =>
      (await list()).candidates.flatMap(({ state, note }) => (state === 'open' ? [note] : []));
    const first = await handIn('One.');
    expect((await handIn('One.')).candidateId).toBe(first.candidateId);
    await vouch(first);
    await stage({ ...(await list()).candidates[0]! });
    for (const words of ['Two.', 'Three.', 'Four.', 'Five.', 'Six.', 'Seven.']) await handIn(words);
    // The first is in force for some, so only a person ends it.
    expect(await opened()).toEqual(['Seven.', 'Six.', 'Five.', 'Four.', 'Three.', 'One.']);
    await promote(await propose(worded('A person’s.')));
    await handIn('Eight.');
    expect(await opened()).toEqual(['Eight.']);
  });

  test('tries out what is its own, reads counts without names, and another’s is unknown to it', async () => {
    const { call, ids, propose, promote, vouch, list } = await open();
    await work(world!);
    const [build, other] = [newId('svc', world!), newId('svc', world!)];
    const { candidateId } = await call<PipelineCandidate>(
      'pipeline.propose',
      body(strictest, 'Stricter.'),
      build,
    );
    const params = { candidateId };
    await call('pipeline.shadow', { params, body: { hours: 1 } }, build);
    const { replayId } = await call<Replay>(
      'pipeline.replay',
      { params, body: { hours: 1 } },
      build,
    );
    await vi.waitFor(async () => {
      const { replays } = await call<{ replays: Replay[] }>('pipeline.replays', { params }, build);
      expect(replays).toMatchObject([{ replayId, state: 'finished', reproduced: 5 }]);
    }, 20_000);
    const differences = await call<PipelineDifferences>(
      'pipeline.differences',
      { params, query: { replay: replayId } },
      build,
    );
    expect(differences).toMatchObject({
      byPolicy: [{ name: 'tier.fresh-customer-proof', change: 'stopped', count: 1 }],
      subjects: [{ change: 'stopped', count: 1 }],
    });
    expect(JSON.stringify(differences)).not.toContain(ids.agent);
    const theirs = await propose(worded('A person’s.'));
    for (const [of, actor] of [
      [candidateId, other],
      [theirs.candidateId, build],
    ] as const) {
      for (const id of ['candidate', 'replays', 'differences', 'shadow', 'replay']) {
        const given = { params: { candidateId: of }, query: {}, body: { hours: 1 } };
        const asked = call(`pipeline.${id}`, given, actor);
        await expect(asked).rejects.toMatchObject({ code: 'policy.unknown' });
      }
    }
    // What it proposed, one person answers for and another makes live.
    await call('pipeline.propose', body(worded('Built.'), 'Built.'), build);
    const built = (await list()).candidates.find(({ note }) => note === 'Built.')!;
    await vouch(built);
    expect((await promote(built)).release.sequence).toBe(2);
  });
});

test('a set that is only looked over is told what a proposal would be told, and is not kept', async () => {
  const { call, list } = await open();
  const check = (text: ReleaseText) =>
    call<{ faults: object[]; outcome?: { failedCount: number } }>('policies.check', {
      body: { schema: text.schema, files: text.policies, cases: productCases(), invariants: [] },
    });
  const broken = await check(withText('forbid (', 'forbid ['));
  expect(broken.outcome).toBeUndefined();
  expect(broken.faults[0]).toMatchObject({ code: 'policy.syntax', line: expect.any(Number) });
  expect((await check(strictest)).outcome?.failedCount).toBeGreaterThan(0);
  expect(await check(withText('Sign in again.', 'Go.'))).toMatchObject({ faults: [] });
  expect((await list()).candidates).toEqual([]);
});
