import type { JsonObject } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { erasureStory, people, type ErasureStory, type Read } from '../testing/erasure-story.ts';
import type { ErasureWorld } from '../testing/erasure-world.ts';
import { testId } from '../testing/index.ts';

const { customer } = people;

let storage: Storage;
let world: ErasureWorld;
let story: ErasureStory;

beforeEach(async () => {
  storage = await openTestStorage(migrations);
  await storage.raiseWall({ tenant: 'acme', migrations });
  story = await erasureStory(storage);
  ({ world } = story);
});
afterEach(async () => {
  await world.stop();
  await storage.close();
});

const count = (table: string, condition: string) => story.count(table, condition);

describe('P9: whose evidence it is, is told to nobody who has not said what for', () => {
  test('a look ahead names nobody, tells no stranger from whom nothing is kept of, and is an entry', async () => {
    const known = testId('cus');
    await world.record({ kind: 'case.opened', subjects: { customer: known } });
    const look = (subject: string) =>
      world.call<JsonObject>('erasures.forecast', {
        body: { target: { form: 'fields', subject } },
      });
    const found = await look('NW-20441');
    expect(found).toMatchObject({ entries: 2, keys: 1 });
    expect(JSON.stringify(found)).not.toMatch(/Okafor|psn_|cus_/);
    const ofNobody = await look('NW-99999');
    expect(await look(known)).toEqual(ofNobody);
    expect(await look('psn_01jb3k5v3nf0aas8p4zkb2yq7e')).toEqual(ofNobody);
    await world.record({ kind: 'case.opened' });
    expect(await count('ledger_entries', `kind = 'evidence.searched'`)).toBe(4);
  });

  test('the list names nobody whom a hold is about, and opens no note that is answered', async () => {
    interface Listed {
      holds: { label: string; note?: string }[];
      erasures: { note?: string }[];
    }
    const listed = () => world.call<Listed>('evidence.retention', {}, world.people[1]);
    const { erasureId } = await world.ask({ form: 'fields', subject: 'NW-20441' });
    const { holdId } = await world.hold({ kind: 'subject', subject: 'NW-20441' });
    expect(JSON.stringify(await listed())).not.toContain('Okafor');
    expect(await listed()).toMatchObject({
      holds: [{ label: expect.stringMatching(/^everything about psn_/), note: 'Case 12.' }],
      erasures: [{ note: 'Her letter of Monday.' }],
    });
    await world.call('holds.lift', { params: { holdId } }, world.people[1]);
    await world.call('erasures.decline', { params: { erasureId } }, world.people[1]);
    const { holds, erasures } = await listed();
    expect([...holds, ...erasures].map(({ note }) => note)).toEqual([undefined, undefined]);
  });
});

describe('P9: nobody is named by what was typed to find them, once they are erased', () => {
  const account = 'NW-20441';
  const by = `${account}, Paula Okafor, wrote.`;

  async function inquire() {
    const body = { purpose: 'a complaint' };
    return world.call<{ inquiryId: string }>('evidence.open-inquiry', { body });
  }
  /** What is still sealed, all of it opened. */
  async function openAll() {
    const { rows } = await sql<{ id: string }>`select evidence_id as id from ledger_entries
      where leaf <> ''`.execute(storage.db);
    const { inquiryId } = await inquire();
    const query = { inquiryId };
    const opened: object[] = [];
    for (const { id } of rows) {
      const params = { evidenceId: id };
      opened.push((await world.call<Read>('evidence.read', { params, query })).personal);
    }
    return JSON.stringify(opened);
  }

  test('neither by a search, nor an export, nor a note about them', async () => {
    const { inquiryId } = await inquire();
    for (const asked of [
      { id: account },
      { about: 'Paula Okafor' },
      { actor: customer },
      { id: 'P. Okafor', about: account },
    ]) {
      await world.call('evidence.search', { query: { ...asked, inquiryId, count: 5 } });
    }
    await world.call('evidence.radius', { query: { id: account, inquiryId } });
    await world.exported(account);
    const target = { form: 'fields', subject: account };
    await world.call('erasures.forecast', { body: { target } });
    const scope = { kind: 'subject', subject: account };
    const body = { scope, reasonCode: 'litigation', note: by };
    const { holdId } = await world.call<{ holdId: string }>('holds.place', { body });
    await world.call('holds.lift', { params: { holdId } }, world.people[1]);
    const { erasureId } = await world.call<{ erasureId: string }>('erasures.request', {
      body: { target, basis: 'data-subject-request', note: by },
    });
    const before = await openAll();
    for (const typed of [`"searchedFor":"${account}"`, `"searchedAbout":"Paula Okafor"`, by]) {
      expect(before).toContain(typed);
    }
    expect(await world.approve(erasureId)).toMatchObject({ state: 'carried-out' });
    const after = await openAll();
    expect(after).toContain('a complaint');
    for (const named of [account, 'Okafor', customer]) expect(after).not.toContain(named);
    expect(await world.ledger.check()).toEqual([]);
  });
});
