import { verifyBundle } from '@proofline/evidence';
import { isId, type Id, type JsonObject } from '@proofline/kernel';
import type { Db, Storage } from '@proofline/storage';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asOwner } from '../../../tests/harness/as-owner.ts';
import { openTestStorage } from '../../../tests/harness/open-test-storage.ts';
import { migrations } from '../index.ts';
import { erasureWorld, type ErasureWorld } from '../testing/erasure-world.ts';
import { testId } from '../testing/index.ts';

const REFUSED = { code: '42501' };
const customer = testId('cus');
const neighbour = testId('cus');
const caseId = testId('cse');

let storage: Storage;
let world: ErasureWorld;
let told: { readonly asked: Id<'evt'>; readonly bound: Id<'evt'>; readonly other: Id<'evt'> };

beforeEach(async () => {
  storage = await openTestStorage(migrations);
  await storage.raiseWall({ tenant: 'acme', migrations });
  world = await erasureWorld(storage, {
    resolveSubject: async (text) => (text === 'NW-20441' ? customer : undefined),
  });
  told = await tellStory();
  // The month in which nothing of it is written any more.
  world.clock.advance(40 * 24 * 3_600_000);
});
afterEach(async () => {
  await world.stop();
  await storage.close();
});

async function tellStory() {
  const of = (subject: Id<'cus'>, name: string) => ({
    subjects: { customer: subject },
    personal: [{ subject, retention: 'case' as const, fields: { name } }],
  });
  const asked = await world.record({
    kind: 'proof.requested',
    refs: { caseId },
    ...of(customer, 'Paula Okafor'),
  });
  const bound = await world.record({
    kind: 'proof.ended',
    causes: [asked],
    ...of(customer, 'Paula Okafor'),
  });
  const other = await world.record({ kind: 'proof.requested', ...of(neighbour, 'Paul Neighbour') });
  return { asked, bound, other };
}

interface Read {
  entry: { index: number; subjects: JsonObject };
  personal: { fields: JsonObject }[];
  gone: { causes: { index: number; byIndex: number }[]; fields: { count: number }[] };
}
const read = (evidenceId: string) => world.read<Read>(evidenceId);
const indexOf = async (evidenceId: string) => (await read(evidenceId)).entry.index;
const count = async (table: string, condition: string) => {
  const { rows } = await sql
    .raw<{ n: number }>(`select count(*)::int as n from ${table} where ${condition}`)
    .execute(storage.db);
  return rows[0]?.n;
};
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
  });
});

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
  const asIfErased = (index: number) =>
    asOwner(storage, (owner) =>
      sql`update ledger_entries set leaf = '', kind = 'erased', at = to_timestamp(0)
        where idx = ${index}`.execute(owner),
    );

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
