import { newId } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { ReleaseText } from '@proofline/policy';
import { afterEach, describe, expect, test } from 'vitest';
import {
  productCases,
  productPolicies,
} from '../../../../packages/policy/testing/product-policies.ts';
import { tablesOf } from '../../store/tables.ts';
import { createReleaseSigner } from '../domain/release-signer.ts';
import { codeOf } from '../../testing/refusals.ts';
import { releasesWorld } from '../testing/releases-world.ts';
import { isIn } from './stage-state.ts';

let world: Awaited<ReturnType<typeof releasesWorld>> | undefined;
afterEach(async () => {
  await world?.storage.close();
  world = undefined;
});
/** Candidates come without the promises that they break knowingly. */
async function open() {
  world = await releasesWorld();
  const { propose } = world;
  return { ...world, propose: (text: ReleaseText) => propose(text, cases) };
}

const product = productPolicies();
const cases = productCases().filter(({ question }) => question.action !== 'invoice:read');
/** Nobody reads invoices under these: whoever is in is seen by that. */
const narrower: ReleaseText = {
  schema: product.schema,
  policies: [
    ...product.policies,
    {
      path: 'context/no-invoices.cedar',
      text: `@id("context.no-invoices") @reason("Invoices are closed for now.")
        forbid (principal, action == Proofline::Action::"invoice:read", resource);`,
    },
  ],
};

const reworded: ReleaseText = {
  schema: product.schema,
  policies: product.policies.map((file) => ({
    ...file,
    text: file.text.replaceAll('Your session has ended.', 'It is over.'),
  })),
};

describe('a stage', () => {
  test('decides, whole and by name, for its desks alone; everybody else stays with the live release', async () => {
    const { propose, stage, decisions, ask, known, ledger, author, other } = await open();
    const candidate = await propose(narrower);
    const staged = await stage(candidate, { desks: ['Harbour'] });
    const inside = await decisions.decide(ask('invoice:read'));
    expect(inside).toMatchObject({
      effect: 'deny',
      release: { sequence: 1, digest: candidate.digest, stageId: staged.stageId },
    });
    known['staff'] = { values: { roles: ['billing-agent'], desk: 'Northgate', active: true } };
    const outside = await decisions.decide(ask('invoice:read'));
    expect([outside.effect, outside.release.stageId]).toEqual(['permit', undefined]);
    // P7: whose desk nobody knows is not in.
    known['staff'] = undefined;
    expect((await decisions.decide(ask('self:read'))).release.stageId).toBeUndefined();
    const [entry] = await ledger.drafts('policy.staged');
    expect(entry).toMatchObject({
      subjects: { actor: other, proposedBy: author },
      facts: { desks: ['Harbour'], percent: 100, digest: candidate.digest },
    });
  });

  test('is begun by a second person only, and widened by one more act without losing who is in', async () => {
    const { propose, stage, endStage, author, decisions, deps, clock, call } = await open();
    const candidate = await propose(narrower);
    expect(await codeOf(stage(candidate, { actor: author }))).toBe('candidate.not-yours');
    const staged = await stage(candidate, { percent: 30 });
    const people = Array.from({ length: 200 }, () => newId('stf', deps));
    const ask = (id: string) =>
      decisions.decide({
        subject: { type: 'Staff', id },
        action: 'self:read',
        resource: { type: 'Workforce', id: '*' },
      });
    const inside = async () => {
      const made = await Promise.all(people.map(ask));
      return new Set(people.filter((_, index) => made[index]?.release.stageId !== undefined));
    };
    const first = await inside();
    expect(first.size).toBeGreaterThan(30);
    expect(first.size).toBeLessThan(90);
    const unseen = { stageId: staged.stageId, revision: 2 };
    for (const seen of [undefined, unseen]) {
      const blind = stage(candidate, { percent: 80, ...(seen && { seen }) });
      expect(await codeOf(blind)).toBe('stage.moved-on');
    }
    const wider = await stage(candidate, { percent: 80, seen: staged });
    expect(wider).toMatchObject({ stageId: staged.stageId, revision: 2 });
    const second = await inside();
    expect(second.size).toBeGreaterThan(first.size);
    expect([...first].every((id) => second.has(id))).toBe(true);
    // Nobody draws other people by ending it and beginning again, nor with another candidate.
    await endStage(staged.stageId);
    clock.advance(1);
    await stage(candidate, { percent: 30 });
    expect(await inside()).toEqual(first);
    await call('policies.withdraw', { params: { candidateId: candidate.candidateId } });
    clock.advance(1);
    await stage(await propose(reworded), { percent: 30 });
    expect(await inside()).toEqual(first);
  });

  test('opens nothing that a switch has stopped', async () => {
    const { propose, stage, decisions, ask, call } = await open();
    await stage(await propose(narrower), {});
    await call('switches.throw', {
      body: {
        target: { kind: 'action', action: 'account:read' },
        reasonCode: 'exercise',
        note: 'A test.',
        minutes: 5,
      },
    });
    const { effect, reasons, release } = await decisions.decide(ask('account:read'));
    expect([effect, reasons[0]?.policy]).toEqual(['deny', expect.stringMatching(/^switch\./)]);
    expect(release.stageId).toBeDefined();
  });

  test('one at a time: another candidate waits', async () => {
    const { propose, stage } = await open();
    await stage(await propose(narrower), {});
    const other = await propose(reworded);
    expect(await codeOf(stage(other, {}))).toBe('stage.other');
  });

  test('is compared with what the live release would have decided', async () => {
    const { propose, stage, decisions, ask, call } = await open();
    const candidate = await propose(narrower);
    const { stageId } = await stage(candidate, {});
    await decisions.followShadow();
    await decisions.decide(ask('invoice:read'));
    await new Promise((resolve) => setImmediate(resolve));
    await decisions.followShadow();
    expect(
      await call('policies.differences', {
        params: { candidateId: candidate.candidateId },
        query: { stage: stageId },
      }),
    ).toMatchObject({ byPolicy: [{ name: 'context.no-invoices', change: 'stopped', count: 1 }] });
  });

  test('replays to the bit', async () => {
    const { propose, stage, decisions, ask, replay } = await open();
    const candidate = await propose(narrower);
    await stage(candidate, {});
    await decisions.decide(ask('invoice:read'));
    expect(await replay(candidate.candidateId)).toMatchObject({ reproduced: 1, notDerivable: 0 });
  });
});

describe('the live release decides for everybody again', () => {
  const effectOf = async () => {
    const { decisions, ask } = world!;
    return (await decisions.decide(ask('invoice:read'))).effect;
  };

  test('once the stage is ended by one person, also on another node at its next look', async () => {
    const { propose, stage, endStage, secondNode, ask, ledger } = await open();
    const node = await secondNode();
    const { stageId } = await stage(await propose(narrower), {});
    await node.follow();
    expect((await node.decide(ask('invoice:read'))).effect).toBe('deny');
    await endStage(stageId);
    expect(await effectOf()).toBe('permit');
    await node.follow();
    expect((await node.decide(ask('invoice:read'))).effect).toBe('permit');
    expect(await codeOf(endStage(stageId))).toBe('policy.moved-on');
    expect(await ledger.drafts('policy.stage-ended')).toHaveLength(1);
  });

  test('from its last moment on, whether anybody looks or not', async () => {
    const { propose, stage, clock, decisions, ledger } = await open();
    await stage(await propose(narrower), { hours: 1 });
    expect(await effectOf()).toBe('deny');
    clock.advance(3_600_000);
    expect(await effectOf()).toBe('permit');
    await decisions.follow();
    expect(await ledger.drafts('policy.stage-ended')).toMatchObject([
      { facts: { because: 'expired' } },
    ]);
  });

  test('on a node that has not been able to look for two seconds', async () => {
    const { propose, stage, clock, decisions } = await open();
    await stage(await propose(narrower), {});
    clock.advance(1_999);
    expect(await effectOf()).toBe('deny');
    clock.advance(1);
    expect(await effectOf()).toBe('permit');
    await decisions.follow();
    expect(await effectOf()).toBe('deny');
  });

  test('and is not begun by an act that was on its way when its candidate was withdrawn', async () => {
    const { propose, stage, call, decisions, ask } = await open();
    const candidate = await propose(narrower);
    const { candidateId } = candidate;
    const begun = codeOf(stage(candidate, { percent: 100 }));
    await call('policies.withdraw', { params: { candidateId } });
    expect(['candidate.closed', 'policy.moved-on', 'done']).toContain(await begun);
    expect((await decisions.decide(ask('self:read'))).release.stageId).toBeUndefined();
  });

  test('when the candidate is withdrawn, or anything becomes live', async () => {
    const { propose, stage, promote, call, rollBack, ledger, clock } = await open();
    const first = await propose(narrower);
    await stage(first, {});
    await call('policies.withdraw', { params: { candidateId: first.candidateId } });
    expect(await effectOf()).toBe('permit');
    clock.advance(1);
    const second = await propose(narrower);
    await stage(second, { percent: 1 });
    await promote(second);
    expect(await effectOf()).toBe('deny');
    await rollBack({ sequence: 1, liveSequence: 2 });
    expect(await effectOf()).toBe('permit');
    const ended = await ledger.drafts('policy.stage-ended');
    expect(ended.map(({ facts }) => facts?.['because'])).toEqual(['withdrawn', 'promoted']);
  });
});

describe('nobody chooses their side', () => {
  test.each([
    ['a wider audience', { percent: 100 }],
    ['other desks', { desks: '["Harbour"]' }],
    ['a later end', { until: new Date('2040-01-01') }],
    ['another set', { digest: 'A'.repeat(43) }],
  ])('by writing %s into the database: the row is not what was signed', async (_what, change) => {
    const { propose, stage, storage, secondNode, ask, faults } = await open();
    await stage(await propose(narrower), { percent: 1, desks: ['Nowhere'] });
    await tablesOf(storage.db).updateTable('policy_stages').set(change).execute();
    const node = await secondNode();
    await node.follow();
    expect(faults).toMatchObject([expect.stringMatching(/not what was signed/)]);
    expect((await node.decide(ask('invoice:read'))).release.stageId).toBeUndefined();
  });

  test('by beginning an ended stage again in the database: the log says that it is over', async () => {
    const { propose, stage, endStage, storage, decisions, ask, clock } = await open();
    const { stageId } = await stage(await propose(narrower), {});
    clock.advance(1);
    await endStage(stageId);
    await tablesOf(storage.db).updateTable('policy_stages').set({ state: 'running' }).execute();
    await decisions.follow();
    expect(decisions.releaseFault()).toMatch(/set back/);
    expect((await decisions.decide(ask('invoice:read'))).effect).toBe('permit');
  });

  test('by an id of their own making: where it falls follows from a key, and is drawn anew by another release only', () => {
    const signer = createReleaseSigner([seededRandom('a').bytes(32)]);
    const stranger = createReleaseSigner([seededRandom('b').bytes(32)]);
    const ids = Array.from({ length: 1_000 }, (_, index) => `stf_${index}`);
    const buckets = (by: typeof signer, live: string) => ids.map((id) => by.bucketOf(live, id));
    const own = buckets(signer, 'digest-1');
    for (const others of [buckets(stranger, 'digest-1'), buckets(signer, 'digest-2')]) {
      expect(own.filter((bucket, index) => bucket === others[index]).length).toBeLessThan(50);
    }
    const inTen = own.filter((bucket) => bucket < 10).length;
    expect([inTen > 60, inTen < 140]).toEqual([true, true]);
    // A key that is put in front moves nobody.
    const rotated = createReleaseSigner([seededRandom('b').bytes(32), seededRandom('a').bytes(32)]);
    expect(buckets(rotated, 'digest-1')).toEqual(own);
  });

  test('a program is never in', () => {
    const everybody = { desks: [], percent: 100 };
    const program = { type: 'Service', id: 'svc_1', desk: undefined };
    expect(isIn(everybody, program, () => 0)).toBe(false);
    expect(isIn(everybody, { ...program, type: 'Staff' }, () => 0)).toBe(true);
  });
});
