import { setImmediate as turn } from 'node:timers/promises';
import { seededRandom } from '@proofline/kernel/node';
import { afterEach, describe, expect, test } from 'vitest';
import {
  productCases,
  productPolicies,
} from '../../../packages/policy/testing/product-policies.ts';
import { tablesOf } from '../store/tables.ts';
import { compiler } from './compile/compiler.ts';
import { codeOf, faultsOf } from '../testing/refusals.ts';
import { releasesWorld } from './testing/releases-world.ts';
import { reworded, withText } from './testing/reworded.ts';

let world: Awaited<ReturnType<typeof releasesWorld>> | undefined;
afterEach(async () => {
  await world?.storage.close();
  world = undefined;
});
const open = async () => (world = await releasesWorld());

const product = productPolicies();
const cases = productCases();

describe('a candidate', () => {
  test('whose author was exchanged in the database is promoted by nobody', async () => {
    const { propose, promote, author, other, storage, decisions } = await open();
    const candidate = await propose(reworded);
    const exchange = (column: object) =>
      tablesOf(storage.db).updateTable('policy_candidates').set(column).execute();
    await exchange({ proposed_by: other });
    for (const actor of [author, other]) {
      expect(await faultsOf(promote(candidate, { actor }))).toMatchObject([
        { code: 'release.tampered' },
      ]);
    }
    const [facts] = decisions.factsProviders;
    const asked = {
      subject: { type: 'Staff' as const, id: author },
      action: 'policy:promote' as const,
      resource: { type: 'PolicyCandidate', id: candidate.candidateId },
    };
    expect(await facts?.gather(asked)).toBeUndefined();
    await exchange({ proposed_by: author, signature: null, key_id: null });
    expect(await codeOf(promote(candidate))).toBe('policy.unsound');
  });

  test('that was withdrawn stays withdrawn, whatever its row says afterwards', async () => {
    const { propose, promote, stage, withdraw, storage, decisions, author, other } = await open();
    const candidate = await propose(reworded);
    await withdraw(candidate.candidateId);
    await tablesOf(storage.db)
      .updateTable('policy_candidates')
      .set({ state: 'open', closed_at: null })
      .execute();
    for (const actor of [author, other]) {
      expect(await codeOf(promote(candidate, { actor }))).toBe('candidate.closed');
    }
    expect(await codeOf(stage(candidate))).toBe('candidate.closed');
    const [facts] = decisions.factsProviders;
    const known = await facts?.gather({
      subject: { type: 'Staff', id: other },
      action: 'policy:promote',
      resource: { type: 'PolicyCandidate', id: candidate.candidateId },
    });
    expect(known?.values).toMatchObject({ open: false });
  });

  test('becomes live by a second person, and its release names both and what they saw', async () => {
    const { propose, promote, decisions, ledger, ask, author, other } = await open();
    const candidate = await propose(reworded);
    expect(candidate.outcome).toMatchObject({ failedCount: 0 });
    expect((await decisions.decide(ask('account:read'))).release.sequence).toBe(1);
    const promoted = await promote(candidate);
    expect(promoted).toMatchObject({ isLive: true, origin: 'candidate', release: { sequence: 2 } });
    expect((await decisions.decide(ask('account:read'))).release).toEqual(promoted.release);
    const [entry] = await ledger.drafts('policy.promoted');
    expect(entry).toMatchObject({
      subjects: { actor: other, proposedBy: author },
      facts: { sequence: 2, digest: candidate.digest, casesPassed: cases.length, invariants: 0 },
    });
    expect(ledger.awaited).toContain(entry?.id);
  });

  test('is never promoted by whoever proposed it, whatever the policies say', async () => {
    const { propose, promote, author } = await open();
    const candidate = await propose(reworded);
    expect(await codeOf(promote(candidate, { actor: author }))).toBe('candidate.not-yours');
  });

  test('whose named case fails is kept, shown, and not promoted', async () => {
    const { propose, promote } = await open();
    const candidate = await propose(withText('ageSeconds <= 300', 'ageSeconds <= 3000'));
    expect(candidate.outcome.failed[0]?.problems[0]).toMatch(/expected .* came out/);
    expect(await codeOf(promote(candidate))).toBe('candidate.failing');
  });

  test('is promoted once: the same promotion again changes nothing', async () => {
    const { propose, promote } = await open();
    const candidate = await propose(reworded);
    await promote(candidate);
    expect(await codeOf(promote(candidate))).toBe('candidate.closed');
    expect(await codeOf(promote(candidate, { liveSequence: 2 }))).toBe('candidate.closed');
  });

  test('behind what became live meanwhile is not promoted: it would undo that', async () => {
    const { propose, promote } = await open();
    const late = await propose(
      withText('Your session has ended. Sign in again.', 'Sign in again.'),
    );
    await promote(await propose(reworded));
    expect(await codeOf(promote(late, { liveSequence: 2 }))).toBe('policy.moved-on');
  });

  test('made from what is no longer in force is not taken: it would undo what is', async () => {
    const { call, propose, promote } = await open();
    await promote(await propose(reworded));
    const { schema, policies: files, invariants = [] } = product;
    const body = { schema, files, cases, invariants, note: 'Made from release 1.' };
    const madeFrom = (on: number) => call('policies.propose', { body: { ...body, on } });
    expect(await codeOf(madeFrom(1))).toBe('policy.moved-on');
    expect(await madeFrom(2)).toMatchObject({ baseSequence: 2 });
  });

  test('that was looked at in another form is not promoted', async () => {
    const { propose, promote } = await open();
    const candidate = await propose(reworded);
    const other = 'A'.repeat(43);
    expect(await codeOf(promote({ ...candidate, digest: other }))).toBe('policy.moved-on');
  });

  test('whose row was exchanged behind our back is not promoted', async () => {
    const { propose, promote, storage } = await open();
    const candidate = await propose(reworded);
    const laxer = withText('ageSeconds <= 300', 'ageSeconds <= 86400');
    await tablesOf(storage.db)
      .updateTable('policy_candidates')
      .set({ text: JSON.stringify(laxer) })
      .execute();
    expect(await faultsOf(promote(candidate))).toMatchObject([{ code: 'release.tampered' }]);
  });

  test('under which nobody could change policies any more is refused', async () => {
    const { propose } = await open();
    const withoutRight = {
      schema: product.schema,
      policies: product.policies.map(({ path, text }) => ({
        path,
        text: text.replaceAll('Role::"security-admin"', 'Role::"nobody"'),
      })),
    };
    const codes = (await faultsOf(propose(withoutRight))).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['release.locks-out']));
  });

  test('with faults is refused whole, each with its place, and nothing is kept', async () => {
    const { propose, list } = await open();
    const faulty = {
      schema: product.schema,
      policies: [...product.policies, { path: 'roles/more.cedar', text: '\npermit (' }],
    };
    const faults = await faultsOf(propose(faulty, [...cases, { name: 'half' }]));
    expect(faults).toMatchObject([
      { code: 'policy.syntax', path: 'roles/more.cedar', line: 2 },
      { code: 'case.malformed', path: 'cases/half.json' },
    ]);
    expect((await list()).candidates).toEqual([]);
  });
});

describe('while a set is compiled and becomes live', () => {
  test('every request is answered, by the old release or the new one, never by the old one again', async () => {
    const { propose, promote, decisions, ask } = await open();
    const answers: number[] = [];
    const over = new AbortController();
    const asking = (async () => {
      while (!over.signal.aborted) {
        // Requests come through the event loop; a loop of promises alone would keep everybody else out.
        await turn();
        answers.push((await decisions.decide(ask('self:read'))).release.sequence);
      }
    })();
    await promote(await propose(reworded));
    over.abort();
    await asking;
    expect(answers.length).toBeGreaterThan(5);
    expect(answers).toEqual(answers.toSorted((a, b) => a - b));
    expect((await decisions.decide(ask('self:read'))).release.sequence).toBe(2);
  });

  test('this thread has its turns: what takes long is done on another one', async () => {
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    const looked = await compiler.lookOver({ text: product, cases, isStored: false }, 'ordinary');
    const before = turns;
    if (looked.parts) await compiler.assemble(looked.parts);
    clearInterval(counting);
    expect(looked).toMatchObject({ outcome: { passed: cases.length } });
    expect([before > 3, turns > before]).toEqual([true, true]);
  });
});

describe('another node', () => {
  test('takes what became live at its next look', async () => {
    const { propose, promote, secondNode, ask } = await open();
    const node = await secondNode();
    const promoted = await promote(await propose(reworded));
    expect((await node.decide(ask('account:read'))).release.sequence).toBe(1);
    await node.follow();
    expect((await node.decide(ask('account:read'))).release).toEqual(promoted.release);
  });

  const tampering: readonly (readonly [string, (w: typeof world & object) => Promise<unknown>])[] =
    [
      [
        'with other policies',
        ({ storage }) =>
          tablesOf(storage.db)
            .updateTable('policy_releases')
            .set({ text: JSON.stringify(withText('ageSeconds <= 300', 'ageSeconds <= 86400')) })
            .where('sequence', '=', 2)
            .execute(),
      ],
      [
        'with another digest',
        ({ storage }) =>
          tablesOf(storage.db)
            .updateTable('policy_releases')
            .set({ digest: 'A'.repeat(43) })
            .where('sequence', '=', 2)
            .execute(),
      ],
      [
        'with fewer cases',
        ({ storage }) =>
          tablesOf(storage.db)
            .updateTable('policy_releases')
            .set({ cases: '[]' })
            .where('sequence', '=', 2)
            .execute(),
      ],
      [
        'without its signature',
        ({ storage }) =>
          tablesOf(storage.db)
            .updateTable('policy_releases')
            .set({ signature: null, key_id: null })
            .where('sequence', '=', 2)
            .execute(),
      ],
      [
        'with the signature of another place',
        async ({ storage }) => {
          const first = await tablesOf(storage.db)
            .selectFrom('policy_releases')
            .selectAll()
            .where('sequence', '=', 1)
            .executeTakeFirstOrThrow();
          await tablesOf(storage.db)
            .updateTable('policy_releases')
            .set({ ...first, sequence: 2 })
            .where('sequence', '=', 2)
            .execute();
        },
      ],
    ];
  test.each(tampering)('never takes a release %s', async (_how, tamper) => {
    const { propose, promote, secondNode, ask, ledger } = await open();
    const node = await secondNode();
    await promote(await propose(reworded));
    await tamper(world!);
    await node.follow();
    await node.follow();
    expect(node.releaseFault()).toMatch(/release 2/);
    expect((await node.decide(ask('account:read'))).release.sequence).toBe(1);
    expect(await ledger.drafts('policy.refused')).toHaveLength(1);
    await expect(secondNode()).rejects.toThrow(/release 2|digest/);
  });

  test('notices that a release was taken away, keeps the last good one, and will not start', async () => {
    const { propose, promote, decisions, secondNode, storage } = await open();
    await promote(await propose(reworded));
    await tablesOf(storage.db).deleteFrom('policy_releases').where('sequence', '=', 2).execute();
    await decisions.follow();
    expect(decisions.releaseFault()).toMatch(/set back/);
    await expect(secondNode()).rejects.toThrow(/set back/);
  });

  test('believes no release that another key signed', async () => {
    const { secondNode } = await open();
    const stranger = secondNode({ seeds: [seededRandom('stranger').bytes(32)] });
    await expect(stranger).rejects.toThrow(/another key/);
  });

  test('believes an old key that still stands behind the new one', async () => {
    const { secondNode, ask } = await open();
    const seeds = [seededRandom('new').bytes(32), seededRandom('policies').bytes(32)];
    const node = await secondNode({ seeds });
    expect((await node.decide(ask('self:read'))).release.sequence).toBe(1);
  });
});

describe('the folder at a start', () => {
  test('that says something else becomes a candidate once, and changes nothing', async () => {
    const { secondNode, list, ask } = await open();
    const node = await secondNode({ text: reworded });
    await secondNode({ text: reworded });
    expect((await node.decide(ask('self:read'))).release.sequence).toBe(1);
    expect((await list()).candidates).toMatchObject([
      { state: 'open', proposedBy: { id: 'files' }, isOwn: false },
    ]);
  });

  test('that says what was live before is left alone: it must not undo what was promoted', async () => {
    const { propose, promote, secondNode, list } = await open();
    await promote(await propose(reworded));
    await secondNode();
    expect((await list()).candidates.filter(({ state }) => state === 'open')).toEqual([]);
  });

  test('is live at once where the setting says so', async () => {
    const { secondNode, ask } = await open();
    const node = await secondNode({ text: reworded, mode: 'release-at-start' });
    expect((await node.decide(ask('self:read'))).release.sequence).toBe(2);
  });

  test('that does not compile is ignored once something is live', async () => {
    const { secondNode, ask } = await open();
    const broken = { ...product, policies: [{ path: 'roles/x.cedar', text: 'permit (' }] };
    const node = await secondNode({ text: broken });
    expect((await node.decide(ask('self:read'))).release.sequence).toBe(1);
  });
});

test('rows from before releases were signed never become live: the folder is signed as the next one', async () => {
  const { storage, ledger, secondNode, ask } = await open();
  await tablesOf(storage.db)
    .updateTable('policy_releases')
    .set({ signature: null, key_id: null })
    .execute();
  // The log of that time knew no keys.
  await ledger.forget();
  const node = await secondNode();
  expect((await node.decide(ask('self:read'))).release.sequence).toBe(2);
});
