import { afterEach, describe, expect, test } from 'vitest';
import { tablesOf } from '../store/tables.ts';
import { codeOf, faultsOf } from '../testing/refusals.ts';
import { releasesWorld } from './testing/releases-world.ts';
import { reworded, withText } from './testing/reworded.ts';

let world: Awaited<ReturnType<typeof releasesWorld>> | undefined;
afterEach(async () => {
  await world?.storage.close();
  world = undefined;
});
const open = async () => (world = await releasesWorld());

describe('what a program proposed', () => {
  const exchange = (column: object) =>
    tablesOf(world!.storage.db).updateTable('policy_candidates').set(column).execute();

  test('is made live by one person who vouches for it and another, and the log names all three', async () => {
    const { proposeAs, pipeline, promote, stage, vouch, ledger, author, other } = await open();
    const candidate = await proposeAs(pipeline, reworded);
    for (const actor of [author, other]) {
      expect(await codeOf(promote(candidate, { actor }))).toBe('candidate.unvouched');
      expect(await codeOf(stage(candidate, { actor }))).toBe('candidate.unvouched');
    }
    await vouch(candidate);
    expect(await codeOf(vouch(candidate, { actor: other }))).toBe('candidate.vouched');
    expect(await codeOf(promote(candidate, { actor: author }))).toBe('candidate.not-yours');
    expect(await codeOf(stage(candidate, { actor: author }))).toBe('candidate.not-yours');
    expect(await promote(candidate)).toMatchObject({ isLive: true });
    const [entry] = await ledger.drafts('policy.promoted');
    expect(entry?.subjects).toEqual({ actor: other, proposedBy: pipeline, vouchedBy: author });
    const [vouched] = await ledger.drafts('policy.vouched');
    expect(vouched).toMatchObject({ subjects: { actor: author, proposedBy: pipeline } });
    expect(ledger.awaited).toContain(vouched?.id);
  });

  test('is vouched for in the very content that was looked at, while it is open and current', async () => {
    const { propose, proposeAs, pipeline, promote, vouch, withdraw } = await open();
    const candidate = await proposeAs(pipeline, reworded);
    const other = { ...candidate, digest: 'A'.repeat(43) };
    expect(await codeOf(vouch(other))).toBe('policy.moved-on');
    const withdrawn = await proposeAs(pipeline, withText('Sign in again.', 'Sign in.'));
    await withdraw(withdrawn.candidateId);
    expect(await codeOf(vouch(withdrawn))).toBe('candidate.closed');
    await exchange({ state: 'open', closed_at: null });
    expect(await codeOf(vouch(withdrawn))).toBe('candidate.closed');
    const persons = await propose(withText('Sign in again.', 'Come back.'));
    expect(await codeOf(vouch(persons))).toBe('candidate.vouched');
    await promote(persons);
    expect(await codeOf(vouch(candidate))).toBe('policy.moved-on');
  });

  test('is promoted by nobody whose voucher was written into the database', async () => {
    const { proposeAs, pipeline, promote, vouch, storage, author, other } = await open();
    const candidate = await proposeAs(pipeline, reworded);
    await exchange({ vouched_by: author });
    expect(await faultsOf(promote(candidate))).toMatchObject([{ code: 'release.tampered' }]);
    await exchange({ vouched_by: null });
    await vouch(candidate);
    const row = await tablesOf(storage.db)
      .selectFrom('policy_candidates')
      .selectAll()
      .executeTakeFirstOrThrow();
    // The promoter’s name comes off, or the vouching of one is put on another.
    await exchange({ vouched_by: other });
    expect(await faultsOf(promote(candidate, { actor: author }))).toMatchObject([
      { code: 'release.tampered' },
    ]);
    await exchange({ vouched_by: author });
    const second = await proposeAs(pipeline, withText('Sign in again.', 'Sign in.'));
    const { vouched_by, vouched_at, vouch_evidence_id, vouch_key_id, vouch_signature } = row;
    await exchange({ vouched_by, vouched_at, vouch_evidence_id, vouch_key_id, vouch_signature });
    expect(await faultsOf(promote(second))).toMatchObject([{ code: 'release.tampered' }]);
    expect(await promote(candidate)).toMatchObject({ isLive: true });
  });

  test('and what lay in the server’s folder as well: whoever writes the folder is no pair of eyes', async () => {
    const { secondNode, list, promote, vouch, other } = await open();
    await secondNode({ text: reworded });
    const [candidate] = (await list()).candidates;
    expect(candidate?.vouching).toEqual({ isNeeded: true, isOwn: false });
    expect(await codeOf(promote(candidate!))).toBe('candidate.unvouched');
    await vouch(candidate!);
    const [vouched] = (await list()).candidates;
    expect(vouched?.vouching).toMatchObject({ isNeeded: false, isOwn: true });
    expect(await promote(candidate!, { actor: other })).toMatchObject({ isLive: true });
  });
});
