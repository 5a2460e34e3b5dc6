import { isId, type JsonObject } from '@proofline/kernel';
import type { Db, Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asOwner } from '../../../tests/harness/as-owner.ts';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { testId } from '../testing/index.ts';
import { erasureStory, people, type ErasureStory } from '../testing/erasure-story.ts';
import type { ErasureWorld } from '../testing/erasure-world.ts';

let storage: Storage;
let world: ErasureWorld;
let story: ErasureStory;
let told: ErasureStory['told'];

beforeEach(async () => {
  storage = await openTestStorage(migrations);
  await storage.raiseWall({ tenant: 'acme', migrations });
  story = await erasureStory(storage);
  ({ world, told } = story);
});
afterEach(async () => {
  await world.stop();
  await storage.close();
});

const { customer, neighbour, caseId } = people;
const read = (evidenceId: string) => story.read(evidenceId);
const indexOf = (evidenceId: string) => story.indexOf(evidenceId);
const count = (table: string, condition: string) => story.count(table, condition);

/** As if the login that erases went away right after the approval. */
async function approveOnly(erasureId: string): Promise<void> {
  await world.stop();
  let isAway = false;
  const login = {
    ...storage,
    mayErase: () => !isAway,
    transaction: async <T>(work: (tx: Db) => Promise<T>): Promise<T> => {
      const done = await storage.transaction(work);
      isAway ||= typeof done === 'string' && isId('evt', done);
      return done;
    },
  };
  world.ledger = await world.another({ storage: login });
  const answer = world.call('erasures.approve', { params: { erasureId } }, world.people[1]);
  expect(await answer).toMatchObject({ state: 'approved' });
  await world.stop();
  world.ledger = await world.another();
}

/** Of whom an entry holds sealed fields. */
const pseudonymIn = async (evidenceId: string) => {
  const { rows } = await sql<{ subject: string }>`select subject from ledger_disclosures
    where evidence_id = ${evidenceId}`.execute(storage.db);
  return rows[0]!.subject;
};

describe('an erasure', () => {
  test('that the policy allowed before takes nothing once it does not', async () => {
    const below = (await indexOf(told.bound)) + 1;
    const policy = { identity: 12, case: 12, access: 12, entries: 12, automatic: false };
    await world.erase({ form: 'policy', policy });
    world.clock.advance(400 * 24 * 3_600_000);
    const approved = await world.ask({ form: 'prefix', below });
    const waiting = await world.ask({ form: 'prefix', below });
    await approveOnly(approved.erasureId);
    await world.erase({ form: 'policy', policy: { ...policy, entries: null } });
    const approving = world.approve(waiting.erasureId);
    await expect(approving).rejects.toMatchObject({ code: 'erasure.not-permitted' });
    await expect(world.ledger.erasures.carryOut()).rejects.toThrow('keeps all entries');
    expect(await count('ledger_entries', `leaf = ''`)).toBe(0);
  });

  test.each(['case', 'range'] as const)(
    'of whoever acted is stopped by a hold on a %s, though nothing of theirs is sealed there',
    async (kind) => {
      const agent = testId('stf');
      const acted = await world.record({
        kind: 'case.opened',
        refs: { caseId },
        subjects: { actor: agent },
      });
      const index = await indexOf(acted);
      const { erasureId } = await world.ask({ form: 'fields', subject: agent });
      const part = await world.ask({ form: 'fields', subject: agent, before: '2019-02' });
      await world.hold(kind === 'case' ? { kind, caseId } : { kind, start: index, end: index + 1 });
      await expect(world.approve(erasureId)).rejects.toMatchObject({ code: 'erasure.held' });
      // Who it was can still be told after this.
      expect(await world.approve(part.erasureId)).toMatchObject({ state: 'carried-out' });
    },
  );

  test('of somebody that has begun is done whole, and a hold after it is told so', async () => {
    const { erasureId, pseudonym = '' } = await world.ask({ form: 'fields', subject: customer });
    const late: unknown[] = [];
    await world.stop();
    const between = {
      ...storage,
      // Between the last look for holds and the first thing that goes.
      erase: async <T>(work: Parameters<typeof storage.erase<T>>[0]) => {
        if (late.length === 0) {
          const onSubject = world.hold({ kind: 'subject', subject: customer });
          late.push(await onSubject.catch((error: unknown) => error));
          late.push(await world.hold({ kind: 'case', caseId }));
        }
        return storage.erase(work);
      },
    };
    world.ledger = await world.another({ storage: between });
    expect(await world.approve(erasureId)).toMatchObject({ state: 'carried-out' });
    expect(late[0]).toMatchObject({ code: 'erasure.nothing' });
    expect(late[1]).toMatchObject({ kind: 'case' });
    for (const table of ['disclosures', 'keys']) {
      expect(await count(`ledger_${table}`, `subject = '${pseudonym}'`)).toBe(0);
    }
    expect(await world.ledger.check()).toEqual([]);
  });

  test('of somebody takes nothing when a hold comes before it begins', async () => {
    const { erasureId, pseudonym = '' } = await world.ask({ form: 'fields', subject: customer });
    await approveOnly(erasureId);
    await world.hold({ kind: 'case', caseId });
    // Whoever may write the row does not get past the hold by saying that it has begun.
    await sql`update ledger_erasures set told_at = asked_at`.execute(storage.db);
    await world.ledger.erasures.carryOut();
    expect(await count('ledger_pseudonyms', `pseudonym = '${pseudonym}'`)).toBe(1);
    expect((await read(told.bound)).personal).toHaveLength(1);
  });
});

describe('P7: a row of the working login erases nothing', () => {
  const goOn = async () => world.ledger.erasures.carryOut();
  const forge = (row: JsonObject) =>
    storage.db
      .withTables<{ ledger_erasures: JsonObject }>()
      .insertInto('ledger_erasures')
      .values({
        tenant: 'acme',
        erasure_id: testId('ers'),
        form: 'fields',
        basis: 'data-subject-request',
        state: 'approved',
        asked_at: '2019-02-01T00:00:00Z',
        asked_evidence: told.asked,
        ...row,
      })
      .execute();
  const evidenceOf = async (erasureId: string) => {
    const { rows } = await sql<{
      asked_evidence: string;
      answered_evidence: string;
      effect_evidence: string;
    }>`select asked_evidence, answered_evidence, effect_evidence from ledger_erasures
      where erasure_id = ${erasureId}`.execute(storage.db);
    return rows[0]!;
  };

  test('that nobody asked for, approved or recorded', async () => {
    const { erasureId } = await world.erase({ form: 'fields', subject: neighbour });
    const { asked_evidence, answered_evidence, effect_evidence } = await evidenceOf(erasureId);
    const pseudonym = await pseudonymIn(told.bound);
    const plan = JSON.stringify({ form: 'fields', pseudonym });
    const expired = JSON.stringify({ form: 'expired', retention: 'case', before: '2019-02' });
    for (const row of [
      { plan },
      { plan, asked_evidence, answered_evidence },
      { plan, state: 'recorded', asked_evidence, answered_evidence, effect_evidence: told.asked },
      { plan, state: 'recorded', asked_evidence, answered_evidence, effect_evidence },
      { plan: expired, form: 'expired', basis: 'retention-ended', answered_evidence },
    ]) {
      await forge(row);
      await expect(goOn()).rejects.toThrow('is not as the log has it, so it is not carried out');
      // It goes on with the next one as if this one had been looked at.
      await asOwner(storage, (owner) =>
        sql`update ledger_erasures set state = 'declined' where state <> 'carried-out'`.execute(
          owner,
        ),
      );
    }
    expect((await read(told.bound)).personal).toHaveLength(1);
    expect(await count('ledger_pseudonyms', `pseudonym = '${pseudonym}'`)).toBe(1);
  });

  test('whose plan was another one when it was approved', async () => {
    const { erasureId } = await world.erase({ form: 'fields', subject: neighbour });
    const pseudonym = await pseudonymIn(told.bound);
    await asOwner(storage, (owner) =>
      sql`update ledger_erasures set state = 'approved', told_at = null,
        plan = ${JSON.stringify({ form: 'fields', pseudonym })}::text::jsonb
        where erasure_id = ${erasureId}`.execute(owner),
    );
    await expect(goOn()).rejects.toThrow('something else was approved');
    expect((await read(told.bound)).personal).toHaveLength(1);
  });

  test('nor does one that lifts a hold without an entry', async () => {
    const { erasureId } = await world.ask({ form: 'fields', subject: customer });
    const { holdId } = await world.hold({ kind: 'subject', subject: customer });
    await sql`update ledger_holds set lifted_at = placed_at, lifted_by = ${testId('stf')},
      lifted_evidence = ${told.asked}`.execute(storage.db);
    await expect(world.approve(erasureId)).rejects.toMatchObject({ code: 'erasure.held' });
    const { holds } = await world.call<{ holds: JsonObject[] }>('evidence.retention');
    expect(holds[0]).not.toHaveProperty('liftedAt');
    await world.call('holds.lift', { params: { holdId } }, world.people[1]);
    expect(await world.approve(erasureId)).toMatchObject({ state: 'carried-out' });
  });
});
