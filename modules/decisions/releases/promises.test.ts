import { parseInvariant } from '@proofline/policy';
import { afterEach, describe, expect, test } from 'vitest';
import {
  productCases,
  productPolicies,
} from '../../../packages/policy/testing/product-policies.ts';
import { tablesOf } from '../store/tables.ts';
import { codeOf, faultsOf } from '../testing/refusals.ts';
import { releasesWorld } from './testing/releases-world.ts';
import { reworded } from './testing/reworded.ts';

let world: Awaited<ReturnType<typeof releasesWorld>> | undefined;
afterEach(async () => {
  await world?.storage.close();
  world = undefined;
});
async function open() {
  const opened = await releasesWorld();
  world = opened;
  const promote: typeof opened.promote = async (candidate, act) => {
    await opened.proved(candidate.candidateId);
    return opened.promote(candidate, act);
  };
  return { ...opened, promote };
}

const product = productPolicies();
const cases = productCases();

const invariant = (name: string, claim: object) =>
  parseInvariant({
    name,
    says: 'Nobody ever sees themselves.',
    because: 'It is a test.',
    about: { actions: ['self:read'] },
    claim,
  });

const inSession = { onlyWhen: 'context has session && context.session.live' };
const held = invariant('held', inSession);
describe('a candidate', () => {
  test('does not become live while an invariant is broken or undecided, and shows the request', async () => {
    const { propose, promote, list, clock } = await open();
    const promoteWith = async (claim: object) => {
      clock.advance(1);
      const candidate = await propose({ ...reworded, invariants: [invariant('held', claim)] });
      const promoted = await codeOf(promote(candidate));
      const { candidates } = await list();
      const { proof } = candidates.find((one) => one.candidateId === candidate.candidateId)!;
      return { promoted, proof };
    };
    const broken = await promoteWith({ never: true });
    expect(broken).toMatchObject({
      promoted: 'candidate.breaks-invariant',
      proof: { state: 'broken' },
    });
    expect(broken.proof.broken[0]?.permitted).toMatchObject({ action: 'self:read' });
    expect(
      await promoteWith({
        onlyWhen:
          'principal in (if context has staff then [Proofline::Role::"auditor"] else [Proofline::Role::"analyst"])',
      }),
    ).toMatchObject({
      promoted: 'candidate.unproved',
      proof: { state: 'not-decided', undecided: [{ name: 'held' }] },
    });
    expect((await promoteWith(inSession)).promoted).toBe('done');
  });

  test('cannot take away the rule that forbids it: to drop an invariant is a change of its own, said aloud', async () => {
    const { propose, promote, ledger, clock, call } = await open();
    const guarded = await propose({ ...product, invariants: [held] });
    await promote(guarded);
    clock.advance(1);
    const weaker = { ...held, claim: { onlyWhen: 'context has session' } };
    for (const invariants of [[], [weaker]]) {
      expect(await faultsOf(propose({ ...reworded, invariants }))).toMatchObject([
        { code: 'invariant.dropped-alongside', path: 'invariants/held.json' },
      ]);
    }
    const candidate = await propose({ ...product, invariants: [weaker] });
    expect(candidate.drops.invariants).toEqual([{ name: 'held', says: held.says }]);
    const query = { from: 'live', to: candidate.candidateId };
    expect(await call('policies.diff', { query })).toMatchObject({
      policies: [],
      invariants: [{ name: 'held', change: 'changed' }],
    });
    const unseen = { liveSequence: 2, dropping: { cases: 0, invariants: 0 } };
    expect(await codeOf(promote(candidate, unseen))).toBe('candidate.drops-promises');
    await promote(candidate, { liveSequence: 2 });
    expect((await ledger.drafts('policy.promoted')).at(-1)?.facts).toMatchObject({
      dropped: { cases: 0, invariants: ['held'] },
      digest: candidate.digest,
    });
  });

  test('that drops named cases is promoted only by somebody who says how many', async () => {
    const { propose, promote, ledger } = await open();
    const [first, second, ...others] = cases;
    const candidate = await propose(reworded, [second!, ...others]);
    expect(candidate.drops).toEqual({
      cases: { count: 1, names: [first!.name] },
      invariants: [],
    });
    for (const count of [0, 2]) {
      const dropping = { cases: count, invariants: 0 };
      expect(await codeOf(promote(candidate, { dropping }))).toBe('candidate.drops-promises');
    }
    await promote(candidate);
    expect((await ledger.drafts('policy.promoted'))[0]?.facts).toMatchObject({
      dropped: { cases: 1, caseNames: [first!.name] },
    });
  });
});

describe('going back', () => {
  test('never leads forwards: what was gone back from is proposed and promoted again', async () => {
    const { propose, promote, rollBack, list } = await open();
    await promote(await propose(reworded));
    await rollBack({ sequence: 1, liveSequence: 2 });
    expect(await codeOf(rollBack({ sequence: 2, liveSequence: 3 }))).toBe('rollback.left-behind');
    const { releases } = await list();
    expect(releases.map(({ release, goingBack }) => [release.sequence, goingBack.state])).toEqual([
      [3, 'live'],
      [2, 'left'],
      [1, 'possible'],
    ]);
  });

  test('by a line that somebody wrote into the database leads nowhere', async () => {
    const { propose, promote, rollBack, storage, secondNode } = await open();
    await promote(await propose(reworded));
    await rollBack({ sequence: 1, liveSequence: 2 });
    const releases = tablesOf(storage.db).updateTable('policy_releases').where('sequence', '=', 3);
    for (const line of ['[1,2]', null]) {
      await releases.set({ line }).execute();
      await expect(secondNode()).rejects.toThrow(/release 3 is not what was signed/);
    }
  });

  test('keeps the invariants of today, and is refused by name where one of them would be broken', async () => {
    const { propose, promote, rollBack, decisions, ledger, call, list, clock } = await open();
    await promote(await propose({ ...reworded, invariants: [held] }));
    await decisions.follow();
    const stateOf = async (sequence: number) =>
      (await list()).releases.find(({ release }) => release.sequence === sequence)?.goingBack;
    // Proved ahead, so that nobody waits for it in an emergency.
    await expect.poll(() => stateOf(1), { timeout: 60_000 }).toMatchObject({ state: 'possible' });
    const back = await rollBack({ sequence: 1, liveSequence: 2 });
    expect(await call('policies.set', { params: { setId: 'live' } })).toMatchObject({
      digest: back.release.digest,
      invariants: [{ name: 'held' }],
    });
    expect((await ledger.drafts('policy.rolled-back'))[0]?.facts).toMatchObject({ provedNow: 1 });
    clock.advance(1);
    const closed = product.policies.concat({
      path: 'context/no-self.cedar',
      text: `@id("context.no-self") @reason("Nobody sees themselves.")
        forbid (principal, action == Proofline::Action::"self:read", resource);`,
    });
    const never = invariant('nobody-sees-themselves', { never: true });
    const kept = cases.filter(({ question }) => question.action !== 'self:read');
    const set = { schema: product.schema, policies: closed, invariants: [held, never] };
    await promote(await propose(set, kept), { liveSequence: 3 });
    await decisions.follow();
    const isBroken = { state: 'broken', invariants: [{ name: never.name }] };
    await expect.poll(() => stateOf(3), { timeout: 60_000 }).toMatchObject(isBroken);
    const refused = rollBack({ sequence: 3, liveSequence: 4 });
    expect(await codeOf(refused)).toBe('rollback.breaks-invariant');
    expect(await faultsOf(refused)).toMatchObject([
      { path: 'invariants/nobody-sees-themselves.json' },
    ]);
    expect((await list()).releases[0]?.release.sequence).toBe(4);
  });

  test('to an earlier release is one act, with a new number and the old digest', async () => {
    const { propose, promote, rollBack, decisions, ask } = await open();
    const first = (await decisions.decide(ask('self:read'))).release;
    await promote(await propose(reworded));
    const back = await rollBack({ sequence: 1, liveSequence: 2 });
    expect(back.release).toEqual({ sequence: 3, digest: first.digest });
    expect((await decisions.decide(ask('self:read'))).release).toEqual(back.release);
  });

  test('is refused when something else became live meanwhile', async () => {
    const { propose, promote, rollBack } = await open();
    await promote(await propose(reworded));
    expect(await codeOf(rollBack({ sequence: 1, liveSequence: 1 }))).toBe('policy.moved-on');
    expect(await codeOf(rollBack({ sequence: 2, liveSequence: 2 }))).toBe('policy.unknown');
  });
});
