import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import {
  CeremonyOptions,
  OwnRecovery,
  RecoveryProgress,
  Vouching,
  type StaffCaller,
} from '@proofline/protocol';
import type { z } from 'zod';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../../demo/actors/console-session.ts';
import { createDevice, type Answer, type Device } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { selfOf } from '../../demo/story/stage.ts';
import { attackCustomersRecovery } from './customers-recovery-attacks.ts';
import { openCompany, type Battlefield } from './open-company.ts';

type SubjectId = StaffCaller['subjectId'];

let field: Battlefield;
let ana: Colleague;
let contacts: readonly Colleague[];
let officers: readonly Colleague[];
let agent: Colleague;
let lead: Colleague;

const CODE = '4k7vq-2m9xt-h3r8w-c5n1z-y6p0d';
const ANA = 'CV-2003';

beforeAll(async () => {
  field = await openCompany({ recoveryWaitSeconds: 2 });
  const { company } = field;
  ana = await seatFounder(company, 'Ana Ruiz');
  contacts = [
    await seatFounder(company, 'Bayo Adeyemi'),
    await seatFounder(company, 'Clara Weiss'),
  ];
  officers = [await seatFounder(company, 'Ines Okafor'), await seatFounder(company, 'Ravi Menon')];
  agent = await seatFounder(company, 'Idris Bello');
  lead = await seatFounder(company, 'Tom Lindqvist');
});
afterAll(() => field.close());

const read = <S extends z.ZodType>(form: S, answer: Answer) => form.parse(answer.body);
const idOf = async (one: Colleague): Promise<SubjectId> => (await selfOf(one)).subjectId;
const own = async (one: Colleague) =>
  read(OwnRecovery, await one.console.api('GET', '/api/self/recovery'));

/** A page of the sign-in’s public part, in some browser. */
function pageIn(device: Device) {
  const { staff: origin } = field.company.origins;
  const ask = (path: string, json: unknown = {}) =>
    device.ask(`${origin}/api/recovery/${path}`, { method: 'POST', origin, json });
  const state = async () =>
    read(RecoveryProgress, await device.ask(`${origin}/api/recovery/state`, { origin }));
  return {
    ask,
    state,
    async start(employeeNumber = ANA) {
      const progress = read(RecoveryProgress, await ask('start', { employeeNumber }));
      await field.company.server.composition.recovery.settle();
      return progress;
    },
    async ready() {
      await expect.poll(async () => (await state()).state, { timeout: 20_000 }).toBe('ready');
    },
    async register(kind: 'device-bound' | 'synced' = 'device-bound', answered = {}) {
      const { authority } = field.company;
      const passkeys = createSoftwareAuthenticator({ kind, authority });
      const asked = await ask('passkey/options');
      if (asked.status !== 200) return { passkeys, answer: asked };
      const { ceremonyId, publicKey } = read(CeremonyOptions, asked);
      const made = await passkeys.register({ options: publicKey, origin });
      const credential = { ...made, ...answered };
      return { passkeys, publicKey, answer: await ask('passkey', { ceremonyId, credential }) };
    },
  };
}

/** A colleague types the code that they were told, and signs. */
async function vouch(by: Colleague, matchingCode: string): Promise<Answer> {
  const { staff: origin } = field.company.origins;
  const asked = await by.console.api('POST', '/api/recoveries/vouch/options', { matchingCode });
  if (asked.status !== 200) return asked;
  const { ceremonyId, publicKey } = read(Vouching, asked);
  const credential = await by.passkeys.assert({ options: publicKey, origin });
  return by.console.api('POST', '/api/recoveries/vouch', { ceremonyId, credential });
}

/** Lays by what a recovery needs, under a fresh touch. */
async function prepare(one: Colleague): Promise<void> {
  await one.console.signIn({ maxAgeSeconds: 0 });
  const ids = await Promise.all(contacts.map(idOf));
  const chosen = await one.console.api('POST', '/api/self/recovery/contacts', {
    contacts: ids,
    needed: 2,
  });
  expect(chosen).toMatchObject({ status: 200 });
  const sealed = await one.console.api('POST', '/api/self/recovery/code', { code: CODE });
  expect(sealed.status).toBe(200);
}

const credentialsOf = async (subjectId: SubjectId) => {
  const { rows } = await sql<{ authenticator_id: string }>`
    select authenticator_id from workforce_authenticators
    where subject_id = ${subjectId} and removed_at is null`.execute(
    field.company.server.composition.storage.db,
  );
  return rows.map((row) => row.authenticator_id);
};
const seatAt = (subjectId: SubjectId, desk: string) =>
  sql`update workforce_staff set desk = ${desk} where subject_id = ${subjectId}`.execute(
    field.company.server.composition.storage.db,
  );
const codeOf = ({ body }: Answer) => (body as { code?: string }).code;

describe('P1: nobody but the subject gets back into an account', () => {
  test('what is laid by takes the subject’s own proof of this minute', async () => {
    await field.company.letProofsAge(120);
    const refused = await ana.console.api('POST', '/api/self/recovery/code', { code: CODE });
    expect([refused.status, codeOf(refused)]).toEqual([401, 'access.step-up']);
    await prepare(ana);
    const { codeMadeAt, contacts: chosen, contactsNeeded } = await own(ana);
    expect([chosen.length, contactsNeeded, codeMadeAt !== undefined]).toEqual([2, 2, true]);
    // Whoever would be asked to help is nobody’s contact.
    for (const one of [lead, ...officers]) {
      const asked = { contacts: [await idOf(one), await idOf(agent)], needed: 2 };
      const answer = await ana.console.api('POST', '/api/self/recovery/contacts', asked);
      expect(codeOf(answer)).toBe('recovery.contacts-refused');
    }
    await Promise.all([...contacts, ...officers, agent].map((one) => one.console.signIn()));
  });

  test('an account that there is and one that there is not look the same', async () => {
    const shown = async (employeeNumber: string) => {
      const page = pageIn(createDevice());
      const asked = await page.start(employeeNumber);
      const wrong = await page.ask('code', { code: CODE.replace('4', '5') });
      const state = await page.state();
      expect(state).toEqual(asked);
      const { startedAt: _start, expiresAt: _end, matchingCode, ...rest } = state;
      expect(matchingCode).toMatch(/^\d{8}$/);
      const options = await page.ask('passkey/options');
      return { rest, codes: [codeOf(wrong), codeOf(options)], statuses: [wrong.status] };
    };
    expect(await shown('ZZ-9999')).toEqual(await shown(ANA));
  });

  test('officers alone, however many, and helpers on their own get nowhere', async () => {
    const before = await credentialsOf(await idOf(ana));
    const mallory = pageIn(createDevice());
    const { matchingCode } = await mallory.start();
    for (const one of [lead, agent])
      expect(codeOf(await vouch(one, matchingCode))).toBe('recovery.not-asked');
    for (const one of officers) expect((await vouch(one, matchingCode)).status).toBe(204);
    expect(codeOf(await vouch(officers[0]!, matchingCode))).toBe('recovery.not-asked');
    expect(await mallory.state()).toMatchObject({ state: 'collecting', officersSigned: 2 });
    expect(codeOf((await mallory.register()).answer)).toBe('recovery.not-ready');
    // One tap of the subject ends it, and of nobody else.
    await lead.console.api('POST', '/api/self/recovery/cancel');
    await mallory.ask('cancel', { secret: 'x'.repeat(43) });
    expect(await mallory.state()).toMatchObject({ state: 'collecting' });
    expect((await ana.console.api('POST', '/api/self/recovery/cancel')).status).toBe(204);
    expect(await mallory.state()).toMatchObject({ state: 'cancelled' });
    expect(await credentialsOf(await idOf(ana))).toEqual(before);
  });

  test('the link of a message cancels, and can do nothing else', async () => {
    const before = field.company.messages.length;
    const page = pageIn(createDevice());
    await page.start();
    expect((await page.ask('code', { code: CODE })).status).toBe(200);
    await expect.poll(() => field.company.messages.length).toBeGreaterThan(before);
    const told = field.company.messages.find(({ link }) => link?.includes('/recovery/cancel#'));
    const secret = new URL(told?.link ?? '').hash.slice(1);
    expect((await page.ask('cancel', { secret })).status).toBe(204);
    expect(await page.state()).toMatchObject({ state: 'cancelled' });
  });

  test('an edited row is not what the evidence says, and leads nowhere', async () => {
    const page = pageIn(createDevice());
    const { matchingCode } = await page.start();
    await page.ask('code', { code: CODE });
    const { db } = field.company.server.composition.storage;
    // A second proof, and the wait over, by whoever can write the database.
    const signed = await Promise.all(
      officers.map(async (one, index) => {
        const role = index === 0 ? 'hr-officer' : 'security-admin';
        return { by: await idOf(one), as: 'officer', role, desk: 'x' };
      }),
    );
    await sql`update recovery_recoveries set state = 'waiting', course = (course::jsonb || ${{
      state: 'waiting',
      provedAtMs: 1,
      readyAtMs: 2,
      waitedMs: 999_999_999,
      vouchers: signed,
    }}::jsonb)::text where matching_code = ${matchingCode}`.execute(db);
    expect(await page.state()).toMatchObject({ state: 'ready', officersSigned: 2 });
    // What looks at all that wait writes down nothing that it was not told.
    await field.company.server.composition.recovery.watch();
    const before = await credentialsOf(await idOf(ana));
    expect(codeOf((await page.register()).answer)).toBe('recovery.not-ready');
    expect(await credentialsOf(await idOf(ana))).toEqual(before);
    await ana.console.api('POST', '/api/self/recovery/cancel');
  });

  test('the subject, with two proofs and after the wait, and only in their own browser', async () => {
    const { subjectId, desk } = await selfOf(ana);
    const before = await credentialsOf(subjectId);
    const device = createDevice();
    const page = pageIn(device);
    const { matchingCode } = await page.start();
    expect((await page.ask('code', { code: CODE })).status).toBe(200);
    // From now on nobody pushes it aside.
    const mallory = pageIn(createDevice());
    await mallory.start();
    for (const one of contacts) expect((await vouch(one, matchingCode)).status).toBe(204);
    expect((await own(ana)).open).toMatchObject({ state: 'waiting', contactsSigned: 2 });
    expect(codeOf((await page.register()).answer)).toBe('recovery.not-ready');
    await page.ready();
    expect(codeOf((await mallory.register()).answer)).toBe('recovery.not-ready');
    // Others sit at this machine after them: what it would keep is not taken.
    await seatAt(subjectId, 'Walk-in counter');
    const left = await page.register('device-bound', { authenticatorAttachment: 'platform' });
    expect(codeOf(left.answer)).toBe('ceremony.refused');
    expect(left.publicKey).toMatchObject({
      authenticatorSelection: { authenticatorAttachment: 'cross-platform' },
    });
    expect(await credentialsOf(subjectId)).toEqual(before);
    const { answer, passkeys } = await page.register();
    expect(answer).toMatchObject({ status: 201 });
    await seatAt(subjectId, desk);
    const after = await credentialsOf(subjectId);
    expect(after).toHaveLength(1);
    expect(before).not.toContain(after[0]);
    // Every session has ended, and the lost passkey opens none.
    expect((await ana.console.api('GET', '/api/self')).status).toBe(401);
    await expect(ana.console.signIn({ maxAgeSeconds: 0 })).rejects.toThrow(/ceremony\.refused/);
    const { gateway: gatewayOrigin, staff: staffOrigin } = field.company.origins;
    const console = await openConsole({ staffOrigin, gatewayOrigin, device, passkeys });
    await console.signIn();
    const back = { ...ana, device, passkeys, console };
    const self = await selfOf(back);
    expect(self.subjectId).toBe(subjectId);
    // It was a hardware key of an allowed maker, and counts for less all the same.
    expect(self.assurance.phrh).toBeUndefined();
    const vouching = await console.api('POST', '/api/recoveries/vouch/options', { matchingCode });
    expect([vouching.status, codeOf(vouching)]).toEqual([403, 'access.denied']);
    // The code is used up.
    expect(await own(back)).toMatchObject({ cappedUntil: expect.any(String) });
    expect((await own(back)).codeMadeAt).toBeUndefined();
  });
});

attackCustomersRecovery(() => ({ field, officers, agent }));
