import { verifyBundle } from '@proofline/evidence';
import type { Id, JsonObject } from '@proofline/kernel';
import type { Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asOwner } from '../../../tests/harness/as-owner.ts';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { erasureStory, people, type ErasureStory } from '../testing/erasure-story.ts';
import type { ErasureWorld } from '../testing/erasure-world.ts';

const REFUSED = { code: '42501' };

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

/** As whoever holds the database takes an entry away. */
const asIfErased = (index: number) =>
  asOwner(storage, (owner) =>
    sql`update ledger_entries set leaf = '', kind = 'erased', at = to_timestamp(0)
      where idx = ${index}`.execute(owner),
  );

describe('P8: what is erased leaves every proof valid', () => {
  test('all personal fields of somebody, their pseudonym included, and nobody else’s', async () => {
    const before = await world.exported(told.bound);
    const { pseudonym = '' } = await world.erase({ form: 'fields', subject: 'NW-20441' });
    expect(verifyBundle(before).ok).toBe(true);
    expect(await count('ledger_disclosures', `subject = '${pseudonym}'`)).toBe(0);
    expect(await count('ledger_keys', `subject = '${pseudonym}'`)).toBe(0);
    expect(await count('ledger_pseudonyms', `pseudonym = '${pseudonym}'`)).toBe(0);
    const { gone, personal } = await read(told.bound);
    expect(personal).toEqual([]);
    expect(gone.fields).toMatchObject([{ pseudonym, count: 1 }]);
    expect((await read(told.other)).personal).toMatchObject([
      { fields: { name: 'Paul Neighbour' } },
    ]);
    const verdict = verifyBundle(await world.exported(told.bound));
    expect(verdict.ok).toBe(true);
    const one = verdict.entries.find(({ evidenceId }) => evidenceId === told.bound);
    expect(one).toMatchObject({ state: 'redacted', withheldCount: 1, erasedCount: 1 });
    expect(await world.ledger.check()).toEqual([]);
    // Whoever comes back is somebody new.
    const again = await world.record({ kind: 'case.opened', subjects: { customer } });
    expect(JSON.stringify((await read(again)).entry.subjects)).not.toContain(pseudonym);
  });

  test('the bytes of whole entries: their place and hash stay, and who holds the id is told', async () => {
    const before = await world.exported(told.bound);
    const index = await indexOf(told.asked);
    await world.erase({ form: 'entries', start: index, end: index + 1 });
    expect(verifyBundle(before).ok).toBe(true);
    await expect(read(told.asked)).rejects.toMatchObject({ code: 'evidence.erased' });
    expect(await count('ledger_refs', `idx = ${index}`)).toBe(0);
    expect(await count('ledger_disclosures', `evidence_id = '${told.asked}'`)).toBe(0);
    expect(await count('ledger_entries', `evidence_id = '${told.asked}'`)).toBe(0);
    const { gone } = await read(told.bound);
    expect(gone.causes).toMatchObject([{ index, evidenceId: told.asked }]);
    const verdict = verifyBundle(await world.exported(told.bound));
    expect(verdict.ok).toBe(true);
    expect(verdict.entries.find((one) => one.index === index)).toMatchObject({
      state: 'erased',
      erasedBy: gone.causes[0]?.byIndex,
    });
    expect(await world.ledger.check()).toEqual([]);
    await expect(world.another()).resolves.toBeDefined();
  });

  test('old entries under the published policy; what something rests on keeps its bytes', async () => {
    const below = (await indexOf(told.bound)) + 1;
    const prefix = { form: 'prefix', below } as const;
    await expect(world.ask(prefix)).rejects.toMatchObject({ code: 'erasure.not-permitted' });
    const policy = { identity: 12, case: 12, access: 12, entries: 12, automatic: false };
    await world.erase({ form: 'policy', policy });
    await expect(world.ask(prefix)).rejects.toMatchObject({ code: 'erasure.not-permitted' });
    const before = await world.exported(told.bound);
    world.clock.advance(400 * 24 * 3_600_000);
    await world.erase(prefix);
    expect(verifyBundle(before).ok).toBe(true);
    expect(await count('ledger_entries', `idx < ${below} and leaf <> ''`)).toBe(1);
    expect(await count('ledger_entries', `kind = 'log.created'`)).toBe(1);
    expect(await world.ledger.check()).toEqual([]);
    await expect(world.another()).resolves.toBeDefined();
    // The prune explains no hole where something stood on which others rest.
    await asIfErased(0);
    expect((await world.ledger.check()).join(' ')).toContain('The prune of entry');
    await world.stop();
    await expect(world.another()).rejects.toMatchObject({ code: 'log.altered' });
  });
});

describe('an erasure', () => {
  test('takes two people', async () => {
    const { erasureId } = await world.ask({ form: 'fields', subject: customer });
    const own = world.approve(erasureId, world.people[0]);
    await expect(own).rejects.toMatchObject({ code: 'erasure.not-yours' });
    await world.call('erasures.decline', { params: { erasureId } });
    await expect(world.approve(erasureId)).rejects.toMatchObject({ code: 'erasure.closed' });
    expect((await read(told.bound)).personal).toHaveLength(1);
  });

  test('takes no entry that something rests on', async () => {
    const stopped = await world.record({ kind: 'switch.thrown', facts: { target: 'action' } });
    const index = await indexOf(stopped);
    const asking = world.ask({ form: 'entries', start: index, end: index + 1 });
    await expect(asking).rejects.toMatchObject({ code: 'erasure.not-permitted' });
  });

  test.each(['subject', 'case', 'range'] as const)('is stopped by a hold on a %s', async (kind) => {
    const index = await indexOf(told.asked);
    const { erasureId } = await world.ask({ form: 'fields', subject: customer });
    const whole = await world.ask({ form: 'entries', start: index, end: index + 1 });
    const { holdId } = await world.hold(
      kind === 'subject'
        ? { kind, subject: customer }
        : kind === 'case'
          ? { kind, caseId }
          : { kind, start: index, end: index + 1 },
    );
    for (const id of [erasureId, whole.erasureId]) {
      await expect(world.approve(id)).rejects.toMatchObject({ code: 'erasure.held' });
    }
    const asking = world.ask({ form: 'fields', subject: customer });
    await expect(asking).rejects.toMatchObject({ code: 'erasure.held' });
    const lift = (as: Id<'stf'>) => world.call('holds.lift', { params: { holdId } }, as);
    await expect(lift(world.people[0])).rejects.toMatchObject({ code: 'hold.not-yours' });
    await lift(world.people[1]);
    expect(await world.approve(erasureId)).toMatchObject({ state: 'carried-out' });
  });

  test('that was cut off is completed at the next start', async () => {
    let isCut = true;
    const journal = {
      read: async () => world.journal,
      append: async () => {
        if (isCut) throw new Error('the power went');
      },
    };
    await world.stop();
    world.ledger = await world.another({ journal });
    const { erasureId } = await world.ask({ form: 'fields', subject: customer });
    await expect(world.approve(erasureId)).rejects.toThrow('the power went');
    expect(await count('ledger_disclosures', `evidence_id = '${told.bound}'`)).toBe(1);
    await world.stop();
    isCut = false;
    world.ledger = await world.another({ journal });
    await world.ledger.erasures.carryOut();
    expect(await count('ledger_disclosures', `evidence_id = '${told.bound}'`)).toBe(0);
    expect(await world.ledger.check()).toEqual([]);
  });

  test('goes by itself when its time is over, and leaves out whom a hold is about', async () => {
    const policy = { identity: 12, case: 12, access: 12, entries: null, automatic: true };
    await world.erase({ form: 'policy', policy });
    await world.hold({ kind: 'subject', subject: neighbour });
    await world.ledger.erasures.eraseExpired();
    expect((await read(told.bound)).personal).toHaveLength(1);
    world.clock.advance(400 * 24 * 3_600_000);
    await world.ledger.erasures.eraseExpired();
    expect((await read(told.bound)).personal).toEqual([]);
    expect((await read(told.other)).personal).toHaveLength(1);
    expect(await world.ledger.check()).toEqual([]);
    const file = verifyBundle(await world.exported(told.bound));
    expect(file.ok).toBe(true);
  });

  test('is not in the working role’s power, nor anything else in the power of the one that erases', async () => {
    for (const table of ['ledger_keys', 'ledger_disclosures', 'ledger_refs', 'ledger_pseudonyms']) {
      const removing = sql`delete from ${sql.table(table)}`.execute(storage.db);
      await expect(removing).rejects.toMatchObject(REFUSED);
    }
    const blanking = sql`update ledger_entries set leaf = ''`.execute(storage.db);
    await expect(blanking).rejects.toMatchObject(REFUSED);
    for (const statement of [
      `delete from ledger_entries`,
      `update ledger_entries set leaf_hash = ''`,
      `update ledger_head set size = 0`,
      `select * from ledger_holds`,
      `insert into ledger_keys values ('acme', 'x', 'case', '2019-01', '')`,
    ]) {
      const trying = storage.erase((tx) => sql.raw(statement).execute(tx));
      await expect(trying).rejects.toMatchObject(REFUSED);
    }
  });
});

describe('P6: every process forgets', () => {
  test('a pseudonym that another one erased', async () => {
    const second = await world.another();
    const recordThere = async () => {
      const id = await storage.transaction((tx) =>
        second.record(tx, { kind: 'case.opened', subjects: { customer } }),
      );
      await second.durable(id);
      return JSON.stringify((await read(id)).entry.subjects);
    };
    await second.erasures.forget();
    await recordThere();
    const { pseudonym = '', erasureId } = await world.ask({ form: 'fields', subject: customer });
    expect(await recordThere()).toContain(pseudonym);
    await world.approve(erasureId);
    await second.erasures.forget();
    expect(await recordThere()).not.toContain(pseudonym);
  });
});

describe('what comes back is erased again', () => {
  test('rows of a backup, at the next start', async () => {
    const kept = await sql<JsonObject>`select * from ledger_disclosures
      where evidence_id = ${told.bound}`.execute(storage.db);
    await world.erase({ form: 'fields', subject: customer });
    await asOwner(storage, async (owner) => {
      const target = owner.withTables<{ ledger_disclosures: JsonObject }>();
      await target
        .insertInto('ledger_disclosures')
        .values([...kept.rows])
        .execute();
    });
    await world.stop();
    world.ledger = await world.another();
    expect(await count('ledger_disclosures', `evidence_id = '${told.bound}'`)).toBe(0);
  });

  test('not where no login may erase: the start goes on, and what is left is told', async () => {
    await world.erase({ form: 'fields', subject: customer });
    await world.stop();
    const faults: string[] = [];
    const twoLogins: Storage = {
      ...storage,
      mayErase: () => false,
      erase: () => Promise.reject(new Error('the working login may not erase')),
    };
    world.ledger = await world.another({
      storage: twoLogins,
      onFault: ({ reason }) => faults.push(reason),
    });
    expect(faults).toEqual([expect.stringContaining('(1 erasures in the log)')]);
    expect(world.ledger.health().state).toBe('running');
    await world.record({ kind: 'case.opened' });
    expect(await world.ledger.check()).toEqual([]);
  });

  test('a whole backup that is older than the erasure’s entry, by the journal beside the mark', async () => {
    const tables = ['entries', 'refs', 'nodes', 'head', 'pseudonyms', 'keys', 'disclosures'];
    const backup = await Promise.all(
      tables.map(async (name) => {
        const from = sql.table(`ledger_${name}`);
        return [
          name,
          (await sql<JsonObject>`select * from ${from}`.execute(storage.db)).rows,
        ] as const;
      }),
    );
    const older = world.mark.current() ?? '';
    await world.erase({ form: 'fields', subject: customer });
    await world.stop();
    const restored = await openTestStorage(migrations);
    for (const [name, rows] of backup) {
      const target = restored.db.withTables<Record<string, JsonObject>>();
      if (rows.length > 0)
        await target
          .insertInto(`ledger_${name}`)
          .values([...rows])
          .execute();
    }
    await restored.raiseWall({ tenant: 'acme', migrations });
    // As the runbook has it: with an older checkpoint that the database still reaches.
    await world.mark.write(older);
    const after = await world.another({ storage: restored });
    const left =
      await sql`select 1 from ledger_disclosures where evidence_id = ${told.bound}`.execute(
        restored.db,
      );
    expect(left.rows).toEqual([]);
    expect(await after.check()).toEqual([]);
    await world.stop();
    await restored.close();
  });
});

describe('P8: an erasure that no entry explains is tampering', () => {
  test('a hole in the log is found, and nothing is signed on it', async () => {
    const index = await indexOf(told.asked);
    await asIfErased(index);
    expect((await world.ledger.check()).join(' ')).toContain(
      `Entry ${index} is gone, and no erasure in the log says why`,
    );
    await world.stop();
    await expect(world.another()).rejects.toMatchObject({ code: 'log.altered' });
  });

  test('a hole is not explained by the erasure of another place', async () => {
    const [index, other] = [await indexOf(told.asked), await indexOf(told.other)];
    await world.erase({ form: 'entries', start: other, end: other + 1 });
    await asIfErased(index);
    const faults = await world.ledger.check();
    expect(faults.join(' ')).toContain(`Entry ${index} is gone`);
    expect(faults.join(' ')).not.toContain(`Entry ${other} is gone`);
  });
});
