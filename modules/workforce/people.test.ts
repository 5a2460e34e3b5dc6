import { sql } from 'kysely';
import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { permittedOneByOne } from '@proofline/decisions/testing';
import { newId, type Id } from '@proofline/kernel';
import {
  Invitation,
  Person,
  readPerson,
  type listPeople,
  Role,
  Self,
  type Action,
  type Total,
} from '@proofline/protocol';
import type { SessionFacts } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBench,
  createBrowser,
  createKey,
  enrol,
  evidenceMigration,
  foundActive,
  type Bench,
} from './testing/bench.ts';

let storage: Storage;
let bench: Bench;
let anna: Id<'stf'>;
let sam: Id<'stf'>;
let run = 0;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

beforeEach(async () => {
  run += 1;
  bench = createBench(storage, `people-${run}`);
  const founders = await foundActive(bench, [
    { displayName: 'Anna', role: 'billing-agent' },
    { displayName: 'Sam', role: 'security-admin', desk: 'Hamburg' },
  ]);
  [anna, sam] = founders.map(({ subjectId }) => subjectId) as [Id<'stf'>, Id<'stf'>];
});

function startSession(subjectId: string, realm: SessionFacts['realm'] = 'workforce') {
  const sessionId = newId('ses', bench);
  bench.live.set(sessionId, {
    sessionId,
    realm,
    subjectId,
    assurance: { phr: 1_000, phrh: 1_000 },
    startedAtMs: bench.clock.now(),
    expiresAtMs: bench.clock.now() + 3_600_000,
    mode: 'personal',
    lockAfterSeconds: 600,
    locked: false,
    evidenceId: newId('evt', bench),
  });
  return sessionId;
}

describe('self', () => {
  it('says who, what and how strongly, and previews every action of the screens once', async () => {
    const sessionId = startSession(anna);
    const asked: Action[] = [];
    bench.use({
      preview: async ({ resource, ...rest }, actions) => {
        expect(rest).toEqual({ subject: { type: 'Staff', id: anna }, sessionId });
        expect(resource.id).toBe('*');
        asked.push(...actions);
        return actions.map((action) => ({ action, allowed: false, reason: 'no', remedies: [] }));
      },
    });
    const self = Self.parse(await bench.call('self.read', { as: anna, sessionId }));
    expect(self).toMatchObject({
      subjectId: anna,
      displayName: 'Anna',
      desk: 'Lisbon',
      roles: ['billing-agent'],
      assurance: { phr: 1_000, phrh: 1_000 },
    });
    expect(self.capabilities.map(({ action }) => action)).toEqual(asked);
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toEqual(
      expect.arrayContaining(['onboarding:invite', 'onboarding:confirm', 'evidence:search']),
    );
  });

  it('has nothing to say once the session is over', async () => {
    const sessionId = startSession(anna);
    bench.live.clear();
    const read = bench.call('self.read', { as: anna, sessionId });
    await expect(read).rejects.toMatchObject({ code: 'session.ended' });
  });

  it('signing out ends the own session', async () => {
    const sessionId = startSession(anna);
    await bench.call('self.sign-out', { as: anna, sessionId });
    expect(bench.ended).toEqual([{ sessionId, because: 'signed-out', endedBy: anna }]);
  });
});

describe('people', () => {
  it('are listed by desk and role, with their sessions', async () => {
    startSession(anna);
    const { people } = await bench.call<{ people: unknown[] }>('people.list', { as: sam });
    expect(people.map((person) => Person.parse(person))).toMatchObject([
      { displayName: 'Sam', state: 'active', sessions: 0 },
      { displayName: 'Anna', state: 'active', sessions: 1 },
    ]);
    const filtered = await bench.call('people.list', {
      as: sam,
      query: { desk: 'Lisbon', role: 'billing-agent' },
    });
    expect(filtered).toMatchObject({ people: [{ displayName: 'Anna' }] });
    const none = await bench.call('people.list', { as: sam, query: { role: 'auditor' } });
    const desks = ['Hamburg', 'Lisbon'];
    expect(none).toEqual({ people: [], total: { count: 0, isExact: true }, desks });
  });

  it('are counted where a page does not hold them all, up to a thousand', async () => {
    const addUpTo = (last: number) =>
      sql`
      insert into workforce_staff
      select ${`people-${run}`}, 'stf_' || n, 'B-' || n, 'Bea ' || n, 'Big', 'handle-' || n, 'invited',
        null, now(), null from generate_series(1, ${last}::int) n on conflict do nothing`.execute(
        storage.db,
      );
    const list = (query: object = {}) =>
      bench.call<z.output<(typeof listPeople)['reply']>>('people.list', {
        as: sam,
        query: { desk: 'Big', ...query },
      });
    for (const [last, shown, total] of [
      [199, 199, { count: 199, isExact: true }],
      [312, 200, { count: 312, isExact: true }],
      [1_200, 200, { count: 1_000, isExact: false }],
    ] as const) {
      await addUpTo(last);
      const found = await list();
      expect([found.people.length, found.total]).toEqual([shown, total]);
    }
    // Page after page there are all of them, once each, in one order, and each says where it begins.
    const pages = [await list()];
    for (let cursor = pages[0]?.nextCursor; cursor; cursor = pages.at(-1)?.nextCursor)
      pages.push(await list({ cursor }));
    expect(pages.map(({ first }) => first)).toEqual([1, 201, 401, 601, 801, undefined]);
    expect(pages.every(({ total }) => total.count === 1_000 && !total.isExact)).toBe(true);
    const names = pages.flatMap(({ people }) => people.map(({ displayName }) => displayName));
    expect([names.length, new Set(names).size]).toEqual([1_200, 1_200]);
    // Rooms that look for somebody among all find whoever stands on no first page.
    expect((await bench.workforce.listColleagues()).length).toBeGreaterThan(1_200);
    // By part of a name, in any case; what is typed has no wildcards.
    const named = async (name: string) => (await list({ name })).people.length;
    expect([await named('bEa 119'), await named('%'), await named('_')]).toEqual([11, 0, 0]);
  });

  it('of another desk are in nobody’s list but HR’s and security’s (P9)', async () => {
    bench = createBench(storage, 'people-of-desks');
    const roles = ['hr-officer', 'team-lead', 'supervisor', 'auditor', 'security-admin'] as const;
    const hamburg = roles.map((role) => ({ displayName: role, role, desk: 'Hamburg' }));
    const founders = await foundActive(bench, [
      { displayName: 'Anna', role: 'billing-agent' },
      ...hamburg,
    ]);
    const seenBy = async (as: Id<'stf'>, query: object) =>
      (await bench.call<{ people: Person[] }>('people.list', { as, query })).people.map(
        ({ displayName }) => displayName,
      );
    const seeAnna: string[] = [];
    for (const { subjectId, displayName } of founders.slice(1)) {
      expect(await seenBy(subjectId, { desk: 'Hamburg' })).toHaveLength(roles.length);
      expect(await seenBy(subjectId, {})).toContain(displayName);
      const seen = [await seenBy(subjectId, {}), await seenBy(subjectId, { desk: 'Lisbon' })];
      if (seen.flat().includes('Anna')) seeAnna.push(displayName);
    }
    expect(seeAnna).toEqual(['hr-officer', 'security-admin']);
    // Nor does Anna lead a lead anywhere in their list, no more than nobody does.
    const lead = founders.find(({ displayName }) => displayName === 'team-lead')!.subjectId;
    for (const cursor of [founders[0]?.subjectId, newId('stf', bench)])
      expect(await seenBy(lead, { cursor })).toEqual([]);
    expect(await bench.call('people.list', { as: lead })).toMatchObject({ desks: ['Hamburg'] });
  });

  it('one is shown with authenticators and sessions, and without anything that signs in', async () => {
    startSession(anna);
    const params = { subjectId: anna };
    const shown = await bench.call('people.read', { as: sam, params });
    expect(readPerson.reply.parse(shown)).toMatchObject({
      displayName: 'Anna',
      authenticators: [{ label: 'Hardware authenticator', kind: 'device-bound', acr: 'phrh' }],
      liveSessions: [{ assurance: { phr: 1_000 } }],
    });
    expect(JSON.stringify(shown)).not.toMatch(/credentialId|publicKey|userHandle|attestation/);
  });

  it('are known to other rooms by name, desk, roles, and whether they are active', async () => {
    const known = {
      subjectId: anna,
      displayName: 'Anna',
      desk: 'Lisbon',
      roles: ['billing-agent'],
      active: true,
    };
    expect(await bench.workforce.findColleague(anna)).toEqual(known);
    expect(await bench.workforce.listColleagues()).toContainEqual(known);
    expect(await bench.workforce.findColleague(newId('stf', bench))).toBeUndefined();
  });

  it('an unknown one looks like a forbidden one', async () => {
    const params = { subjectId: newId('stf', bench) };
    const read = bench.call('people.read', { as: sam, params });
    await expect(read).rejects.toMatchObject({ code: 'access.denied' });
  });

  it('an invited one has no role, no authenticator and no account yet', async () => {
    const { invitation } = await bench.call<{ invitation: Invitation }>('onboarding.invite', {
      as: sam,
      body: { displayName: 'Nina', desk: 'Lisbon', employeeNumber: 'N-1' },
    });
    expect(Invitation.parse(invitation).state).toBe('sent');
    const { people } = await bench.call<{ people: Person[] }>('people.list', { as: sam });
    const nina = people.find(({ displayName }) => displayName === 'Nina');
    expect(nina).toMatchObject({ state: 'invited', roles: [] });
    const shown = await bench.call('people.read', {
      as: sam,
      params: { subjectId: nina?.subjectId },
    });
    expect(shown).toMatchObject({ authenticators: [], liveSessions: [] });
  });
});

describe('the lists', () => {
  it.each(Role.options)(
    'show a %s exactly the people and invitations that they may see',
    async (role) => {
      const desks = ['Lisbon', 'Hamburg', 'lisbon'];
      for (const desk of desks) {
        const body = { displayName: `New at ${desk}`, desk, newDesk: true };
        await bench.call('onboarding.invite', {
          as: sam,
          body: { ...body, employeeNumber: `N-${desk}` },
        });
      }
      const subjectId = anna;
      await sql`update workforce_staff set role = ${role} where subject_id = ${anna}`.execute(
        storage.db,
      );
      const rows = await sql<{ subject: string; invitation: string }>`
      select subject_id as subject, invitation_id as invitation from workforce_invitations
      where tenant = ${`people-${run}`}`.execute(storage.db);
      const oneByOne = (action: Action, resourceType: 'Staff' | 'Invitation', ids: string[]) =>
        permittedOneByOne(
          {
            subjectId,
            reader: { desk: 'Lisbon', roles: [role] },
            action,
            resourceType,
            providers: bench.workforce.factsProviders.filter(({ name }) => name !== 'staff'),
          },
          ids,
        );
      const { people } = await bench.call<{ people: Person[] }>('people.list', { as: subjectId });
      const staff = rows.rows.map(({ subject }) => subject);
      expect(people.map((person) => person.subjectId).toSorted()).toEqual(
        await oneByOne('person:list', 'Staff', staff),
      );
      const { invitations } = await bench.call<{ invitations: Invitation[] }>('onboarding.list', {
        as: subjectId,
      });
      const invited = rows.rows.map(({ invitation }) => invitation);
      expect(invitations.map(({ invitationId }) => invitationId).toSorted()).toEqual(
        await oneByOne('onboarding:list', 'Invitation', invited),
      );
      // Who invited is named where the reader may see that person (P9).
      const seesSam = people.some((person) => person.subjectId === sam);
      const named = new Set(invitations.map(({ invitedBy }) => invitedBy));
      named.delete('the founding of the installation');
      expect([...named]).toEqual([seesSam ? 'Sam' : 'a colleague of another desk']);
    },
  );

  it('without their condition would show no other desk’s people and invitations', async () => {
    const tenant = `people-${run}`;
    const body = { displayName: 'Nina', desk: 'Lisbon', employeeNumber: 'N-1' };
    await bench.call('onboarding.invite', { as: sam, body });
    const walled = await openTestStorage(migrations);
    await copyPeople(storage, walled, tenant);
    await walled.raiseWall({ tenant, migrations });
    const seen = await walled.confined({ subjectId: anna, desk: 'Lisbon' }, async (tx) => ({
      people: (await sql<{ desk: string }>`select desk from workforce_staff`.execute(tx)).rows,
      invitations: (await sql`select 1 from workforce_invitations`.execute(tx)).rows.length,
    }));
    await walled.close();
    expect(seen).toEqual({ people: [{ desk: 'Lisbon' }, { desk: 'Lisbon' }], invitations: 2 });
  });
});

async function copyPeople(from: Storage, to: Storage, tenant: string): Promise<void> {
  for (const table of ['workforce_staff', 'workforce_invitations']) {
    const name = sql.table(table);
    const { rows } = await sql`select * from ${name} where tenant = ${tenant}`.execute(from.db);
    await sql`insert into ${name} select * from jsonb_populate_recordset(null::${name}, ${JSON.stringify(rows)}::jsonb)`.execute(
      to.db,
    );
  }
}

describe('ending a session', () => {
  it('ends a colleague’s, and says who did it', async () => {
    const sessionId = startSession(anna);
    await bench.call('sessions.end', { as: sam, params: { sessionId } });
    expect(bench.ended).toEqual([{ sessionId, because: 'ended-by-colleague', endedBy: sam }]);
  });

  it('does nothing to a customer’s session or to one that is not there', async () => {
    const sessionId = startSession('cus_x', 'customers');
    for (const id of [sessionId, newId('ses', bench)]) {
      await bench.call('sessions.end', { as: sam, params: { sessionId: id } });
    }
    expect(bench.ended).toEqual([]);
  });
});

describe('live sessions', () => {
  it('are listed for security with whose they are, and to oneself one’s own only', async () => {
    const [hers, his] = [startSession(anna), startSession(sam)];
    startSession('cus_x', 'customers');
    const all = await bench.call<{ sessions: object[]; total: Total }>('sessions.list', {
      as: sam,
    });
    expect(all.total).toEqual({ count: 2, isExact: true });
    expect(all.sessions).toMatchObject([
      { sessionId: hers, displayName: 'Anna', desk: 'Lisbon', boundTo: 'console-key' },
      { sessionId: his, displayName: 'Sam', desk: 'Hamburg' },
    ]);
    const own = await bench.call<{ sessions: object[] }>('self.sessions', { as: anna });
    expect(own.sessions).toMatchObject([{ sessionId: hers, assurance: { phr: 1_000 } }]);
    expect(own.sessions).toHaveLength(1);
  });

  it('are ended by their own person, and somebody else’s is left alone without a word', async () => {
    const [hers, his] = [startSession(anna), startSession(sam)];
    const end = (sessionId: Id<'ses'>) =>
      bench.call('self.sessions.end', { as: anna, params: { sessionId } });
    expect(await end(his)).toBeUndefined();
    expect(await end(newId('ses', bench))).toBeUndefined();
    expect(bench.ended).toEqual([]);
    await end(hers);
    expect(bench.ended).toEqual([{ sessionId: hers, because: 'signed-out', endedBy: anna }]);
  });
});

describe('the facts of a decision', () => {
  const input = { action: 'self:read', resource: { type: 'Workforce', id: '*' } } as const;
  const staffFacts = () => bench.workforce.factsProviders.find(({ name }) => name === 'staff')!;
  const gather = (type: 'Staff' | 'Service', id: string) =>
    staffFacts().gather({ ...input, subject: { type, id } });

  const counted = { deviceBoundAuthenticators: expect.any(Number) };
  it('are roles, desk and whether the account is active', async () => {
    expect(await gather('Staff', anna)).toEqual({
      values: {
        roles: ['billing-agent'],
        desk: 'Lisbon',
        active: true,
        recovered: false,
        ...counted,
      },
    });
  });

  it('give no role to who is not confirmed', async () => {
    const { link } = await bench.call<{ link: string }>('onboarding.invite', {
      as: sam,
      body: { displayName: 'Nina', desk: 'Lisbon', employeeNumber: 'N-1' },
    });
    await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    const { people } = await bench.call<{ people: Person[] }>('people.list', { as: sam });
    const nina = people.find(({ displayName }) => displayName === 'Nina');
    expect(await gather('Staff', nina?.subjectId ?? '')).toEqual({
      values: { roles: [], desk: 'Lisbon', active: false, recovered: false, ...counted },
    });
  });

  it('are absent for whom is not known, or not staff', async () => {
    expect(await gather('Staff', newId('stf', bench))).toBeUndefined();
    expect(await gather('Staff', 'stf_')).toBeUndefined();
    expect(await gather('Service', anna)).toBeUndefined();
  });
});
