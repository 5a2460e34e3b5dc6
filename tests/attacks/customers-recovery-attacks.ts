import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { CeremonyOptions, CustomerRecovery, Vouching } from '@proofline/protocol';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { createCustomerPhone } from '../../demo/actors/customer-phone.ts';
import { createDevice } from '../../demo/actors/device.ts';
import type { Colleague } from '../../demo/story/cast.ts';
import { enrolWithDevice, type CustomerAtHome } from './callers.ts';
import {
  befriend,
  codeOf,
  doAct,
  invite,
  recoveryIn,
  strangersBrowser,
  vouchAsColleague,
  vouchAsContact,
} from './customers-recovery.ts';
import { buildOnPlanted } from './customers-recovery-planted.ts';
import { hinderOtherwise } from './customers-recovery-hindrances.ts';
import type { Battlefield } from './open-company.ts';
import { grantOn, invoiceOf, proveCall, refund } from './proved-call.ts';

const CODE = '7qw2m-x9t4k-3hr8v-c5n1z-6y0pd';

interface Scene {
  readonly field: Battlefield;
  readonly officers: readonly Colleague[];
  readonly agent: Colleague;
}

let scene: () => Scene;
/** The customer after the recovery. */
let back: CustomerAtHome;
const company = () => scene().field.company;
const db = () => company().server.composition.storage.db;
let cara: CustomerAtHome;
let friends: readonly CustomerAtHome[];
let late: CustomerAtHome;
let victim: CustomerAtHome;
/** An invitation of hers that nobody accepted. */
let kept: string;
const own = async (one: CustomerAtHome) =>
  CustomerRecovery.parse((await recoveryIn(company(), one.device).read('')).body);
const settle = async (index: number) => {
  const one = await enrolWithDevice(company(), company().accountNumbers[index] ?? '');
  await one.phone.signIn();
  return one;
};
const passkeysOf = async (accountNumber: string) => {
  const { rows } = await sql<{ authenticator_id: string }>`
    select a.authenticator_id from customer_authenticators a
    join customers c on c.customer_id = a.customer_id
    where c.account_number = ${accountNumber} and a.removed_at is null`.execute(db());
  return rows.map((row) => row.authenticator_id);
};
/** Whether the newest entry of a kind keeps what a passkey signed. */
const isSignedInLog = async (kind: string) => {
  const { rows } = await sql<{ leaf: string }>`
    select leaf from ledger_entries where kind = ${kind} order by idx desc limit 1`.execute(db());
  const entry = JSON.parse(rows[0]?.leaf ?? '{}') as { _sd?: readonly unknown[] };
  return (entry._sd ?? []).length > 0;
};
/** What stands in the newest message that can cancel, once all of them have arrived. */
const newestCancelSecret = async () => {
  await company().server.composition.customers.messages.deliver();
  const told = company().messages.find(({ link }) => link?.includes('/recovery/cancel#'));
  return new URL(told?.link ?? '').hash.slice(1);
};
const cancel = (one: CustomerAtHome) => recoveryIn(company(), one.device).ask('/cancel');

/** The same promises for customers, in a company that stands already. */
export function attackCustomersRecovery(given: () => Scene): void {
  scene = given;
  describe('P1: nobody but the customer gets back into a customer’s account', () => {
    layBy();
    tryWithout();
    chooseFriends();
    plantFriends();
    hinder();
    hinderOtherwise(() => {
      const people = { cara, owner: friends[0]!, late, victim };
      return { ...people, company: company(), own, cancel, newestCancelSecret, code: CODE };
    });
    complete();
    comeLate();
  });
}

/** What a customer lays by, first of all: the attacks after it rest on that. */
function layBy(): void {
  test('what is laid by takes the customer’s own passkey: a stolen session is not enough', async () => {
    [cara, ...friends] = [await settle(0), await settle(1), await settle(2)];
    [late, victim] = [await settle(3), await settle(4)];
    const { host } = new URL(company().origins.customers);
    const device = createDevice();
    for (const [name, value] of cara.device.cookiesOf(host)) device.plantCookie(host, name, value);
    const thief = { device, passkeys: friends[0]!.passkeys };
    for (const kind of ['seal-code', 'invite-contact', 'cancel'] as const) {
      const code = kind === 'seal-code' ? { code: CODE } : {};
      const tried = await doAct(company(), thief, { act: { kind }, ...code });
      expect([kind, codeOf(tried)]).toEqual([kind, 'ceremony.refused']);
    }
    expect((await own(cara)).codeMadeAt).toBeUndefined();
    expect(await doAct(company(), cara, { act: { kind: 'seal-code' }, code: CODE })).toMatchObject({
      status: 200,
    });
    // An act without the code that it is for, and a code that no act is for.
    const without = await doAct(company(), cara, { act: { kind: 'seal-code' } });
    const beside = await doAct(company(), cara, { act: { kind: 'invite-contact' }, code: CODE });
    expect([codeOf(without), codeOf(beside)]).toEqual(['ceremony.refused', 'ceremony.refused']);
    for (const friend of friends) await befriend(company(), cara, friend);
    const laidBy = await own(cara);
    expect([laidBy.contacts.length, laidBy.codeMadeAt !== undefined]).toEqual([2, true]);
    await doAct(company(), friends[0]!, { act: { kind: 'seal-code' }, code: CODE });
    await befriend(company(), friends[0]!, late);
  });
}

/** Everybody else, with what they have. */
function tryWithout(): void {
  test('an account that there is, one that there is not and one that never enrolled look the same', async () => {
    const shown = async (accountNumber: string) => {
      const page = strangersBrowser(company());
      const asked = await page.start(accountNumber);
      const wrong = await page.ask('/code', { code: CODE.replace('7', '8') });
      const state = await page.state();
      // Neither when it began nor when it ends says that it was looked up.
      expect(state).toEqual(asked);
      const { startedAt: _start, expiresAt: _end, matchingCode, ...rest } = state;
      expect(matchingCode).toMatch(/^\d{8}$/);
      const officer = await vouchAsColleague(company(), scene().officers[0]!, matchingCode);
      const { title, detail } = officer.body as Record<string, unknown>;
      const codes = [codeOf(wrong), codeOf(await page.ask('/passkey/options')), codeOf(officer)];
      return { rest, codes, officer: [officer.status, title, detail] };
    };
    const real = await shown(cara.accountNumber);
    expect(await shown('ZZ-99999')).toEqual(real);
    expect(await shown(company().accountNumbers[9] ?? '')).toEqual(real);
  });

  test('an agent’s word, two officers alone and a stolen code alone open nothing', async () => {
    const { agent, officers } = scene();
    const before = await passkeysOf(cara.accountNumber);
    const mallory = strangersBrowser(company());
    const { matchingCode } = await mallory.start(cara.accountNumber);
    expect(codeOf(await vouchAsColleague(company(), agent, matchingCode))).toBe(
      'recovery.not-asked',
    );
    // Whom it is for they learn only after the customer’s code, or the word of a contact.
    for (const one of officers)
      expect(codeOf(await vouchAsColleague(company(), one, matchingCode))).toBe(
        'recovery.not-asked',
      );
    expect(await mallory.state()).toMatchObject({ state: 'collecting', officersSigned: 0 });
    expect(codeOf((await mallory.register()).answer)).toBe('recovery.not-ready');
    expect((await own(cara)).open).toMatchObject({ state: 'collecting', officersSigned: 0 });
    // Nobody else’s tap ends it, and one of hers does.
    await cancel(friends[0]!);
    expect(await mallory.state()).toMatchObject({ state: 'collecting' });
    expect((await cancel(cara)).status).toBe(204);
    expect((await own(cara)).open).toBeUndefined();
    const thief = strangersBrowser(company());
    const stolen = await thief.start(cara.accountNumber);
    expect((await thief.ask('/code', { code: CODE })).status).toBe(200);
    expect(codeOf((await thief.register()).answer)).toBe('recovery.not-ready');
    const word = await vouchAsColleague(company(), officers[0]!, stolen.matchingCode);
    expect(word.status).toBe(204);
    expect(await thief.state()).toMatchObject({ state: 'collecting', officersSigned: 1 });
    expect(codeOf((await thief.register()).answer)).toBe('recovery.not-ready');
    await cancel(cara);
    expect(await passkeysOf(cara.accountNumber)).toEqual(before);
  });

  test('nothing of one realm is worth anything in the other', async () => {
    const { customers, staff } = company().origins;
    const device = createDevice();
    const page = recoveryIn(company(), device);
    await page.start(cara.accountNumber);
    const secret = device.cookiesOf(new URL(customers).host).get('__Host-recovery') ?? '';
    const elsewhere = createDevice();
    elsewhere.plantCookie(new URL(staff).host, '__Host-recovery', secret);
    const asked = await elsewhere.ask(`${staff}/api/recovery/state`, { origin: staff });
    expect([secret.length > 40, codeOf(asked)]).toEqual([true, 'recovery.unknown']);
    const linkSecret = await newestCancelSecret();
    await elsewhere.ask(`${staff}/api/recovery/cancel`, {
      origin: staff,
      json: { secret: linkSecret },
    });
    expect((await own(cara)).open).toBeDefined();
    // An employee number is no account number: it leads to nobody.
    await strangersBrowser(company()).start('CV-2003');
    await cancel(cara);
  });
}

/** Contacts whom somebody else brings along. */
function chooseFriends(): void {
  test('a contact who came after the start or lately counts for nothing', async () => {
    const page = strangersBrowser(company());
    const { matchingCode } = await page.start(cara.accountNumber);
    await befriend(company(), cara, late);
    expect(codeOf(await vouchAsContact(company(), late, matchingCode))).toBe('recovery.not-asked');
    await cancel(cara);
    const again = strangersBrowser(company());
    await again.start(cara.accountNumber);
    const { rows } = await sql<{ course: string }>`
      select course from recovery_recoveries
      where state = 'collecting' and subject_id is not null`.execute(db());
    const { contacts, startedAtMs } = JSON.parse(rows[0]?.course ?? '') as Record<string, never>;
    const counting = (await own(cara)).contacts.filter(
      ({ countsFrom }) => Date.parse(countsFrom) <= (startedAtMs ?? 0),
    );
    expect(contacts).toEqual(counting.map(({ contactId }) => contactId));
    const contactId = (await own(cara)).contacts[2]?.contactId;
    const act = { kind: 'remove-contact', contactId: contactId! } as const;
    expect(await doAct(company(), cara, { act })).toMatchObject({ status: 200 });
    await cancel(cara);
  });

  test('an invitation is good once, and not for whoever sent it', async () => {
    const secret = await invite(company(), cara);
    expect(await isSignedInLog('recovery.contact-invited')).toBe(true);
    kept = secret;
    const act = { kind: 'accept-contact', secret } as const;
    const [self, known] = [
      await doAct(company(), cara, { act }),
      await doAct(company(), friends[0]!, { act }),
    ];
    expect([codeOf(self), codeOf(known)]).toEqual([
      'recovery.contacts-refused',
      'recovery.contacts-refused',
    ]);
    const dead = { kind: 'accept-contact', secret: 'x'.repeat(43) } as const;
    expect(codeOf(await doAct(company(), cara, { act: dead }))).toBe('recovery.invitation-dead');
  });
}

/** Contacts for somebody who signed nothing, by whoever writes the tables. */
function plantFriends(): void {
  buildOnPlanted(company, () => ({ late, other: victim }), own);
  const accept = (by: CustomerAtHome, secret: string) =>
    doAct(company(), by, { act: { kind: 'accept-contact', secret } });

  test('an invitation that its subject did not sign is none, whatever its row says', async () => {
    const { contacts } = await own(cara);
    // In another's name, with an entry that is about something else, and for longer than was signed.
    const [secret, longer] = [await invite(company(), late), await invite(company(), late)];
    const ofCara = sql`(select customer_id from customers where account_number = ${cara.accountNumber})`;
    await sql`update recovery_invitations set subject_id = ${ofCara},
      authenticator_id = ${(await passkeysOf(cara.accountNumber))[0]}
      where secret_digest = ${sha256Base64url(secret)}`.execute(db());
    await sql`update recovery_invitations set expires_at = expires_at + interval '1 year'
      where secret_digest = ${sha256Base64url(longer)}`.execute(db());
    for (const edited of [secret, longer])
      expect(codeOf(await accept(victim, edited))).toBe('recovery.invitation-dead');
    // Nor one that has no entry at all.
    const planted = 'p'.repeat(43);
    await sql`insert into recovery_invitations (tenant, secret_digest, subject_id, expires_at)
      select tenant, ${sha256Base64url(planted)}, customer_id, now() + interval '1 day'
      from customers where account_number = ${cara.accountNumber}`.execute(db());
    expect(codeOf(await accept(late, planted))).toBe('recovery.invitation-dead');
    expect((await own(cara)).contacts).toEqual(contacts);
  });

  test('a genuine invitation makes nobody a contact of somebody else', async () => {
    const secret = await invite(company(), late);
    const { ask } = recoveryIn(company(), victim.device);
    const begun = await ask('/acts', { act: { kind: 'accept-contact', secret } });
    const { ceremonyId } = CeremonyOptions.parse(begun.body);
    const { rows } = await sql<{ context: string; for: string }>`
      select context, (select customer_id from customers
        where account_number = ${cara.accountNumber}) as for
      from recovery_ceremonies where ceremony_id = ${ceremonyId}`.execute(db());
    const signed = JSON.parse(rows[0]?.context ?? '') as { act: object };
    const context = canonicalJson({ ...signed, act: { ...signed.act, forCustomer: rows[0]?.for } });
    await sql`update recovery_ceremonies set context = ${context}
      where ceremony_id = ${ceremonyId}`.execute(db());
    const { customers: origin } = company().origins;
    const options = {
      ...CeremonyOptions.parse(begun.body).publicKey,
      challenge: sha256Base64url(context),
    };
    const credential = await victim.passkeys.assert({ options, origin });
    const answer = await ask('/proof', { answer: { ceremonyId, credential } });
    expect(codeOf(answer)).toBe('recovery.invitation-dead');
  });
}

/** Keeping the owner out. */
function hinder(): void {
  test('a stolen session cancels five times, and then only a passkey does', async () => {
    await doAct(company(), victim, { act: { kind: 'seal-code' }, code: CODE });
    const begin = async () => {
      const page = strangersBrowser(company());
      await page.start(victim.accountNumber);
      expect((await page.ask('/code', { code: CODE })).status).toBe(200);
      return page;
    };
    for (let time = 0; time < 5; time += 1) {
      await begin();
      expect((await cancel(victim)).status).toBe(204);
    }
    const page = await begin();
    expect(codeOf(await cancel(victim))).toBe('recovery.touch-needed');
    const secret = await newestCancelSecret();
    expect(codeOf(await page.ask('/cancel-by-link', { secret }))).toBe('recovery.touch-needed');
    expect(await page.state()).toMatchObject({ state: 'collecting', codeAccepted: true });
    expect(await isSignedInLog('recovery.cancelled')).toBe(false);
    expect((await doAct(company(), victim, { act: { kind: 'cancel' } })).status).toBe(200);
    expect(await isSignedInLog('recovery.cancelled')).toBe(true);
    expect(await page.state()).toMatchObject({ state: 'cancelled' });
  });
}

/** The owner, at last. */
function complete(): void {
  test('the customer, with two proofs and after the wait: all else of theirs ends', async () => {
    const { agent, field } = scene();
    const before = await passkeysOf(cara.accountNumber);
    const call = await proveCall(field.stage, {
      agent,
      customer: cara.phone,
      accountNumber: cara.accountNumber,
    });
    const grant = await grantOn(agent, call.caseId);
    const page = strangersBrowser(company());
    const { matchingCode } = await page.start(cara.accountNumber);
    expect((await page.ask('/code', { code: CODE })).status).toBe(200);
    // One answer is good once, and in the session that asked for it.
    const [first, second] = friends as [CustomerAtHome, CustomerAtHome];
    const asked = await recoveryIn(company(), first.device).ask('/vouch/options', {
      matchingCode,
    });
    const { ceremonyId, publicKey } = Vouching.parse(asked.body);
    const { customers: origin } = company().origins;
    const credential = await first.passkeys.assert({ options: publicKey, origin });
    const answer = { ceremonyId, credential };
    expect(codeOf(await recoveryIn(company(), second.device).ask('/vouch', answer))).toBe(
      'ceremony.expired',
    );
    expect((await recoveryIn(company(), first.device).ask('/vouch', answer)).status).toBe(204);
    expect(codeOf(await recoveryIn(company(), first.device).ask('/vouch', answer))).toBe(
      'ceremony.expired',
    );
    expect(codeOf(await vouchAsContact(company(), first, matchingCode))).toBe('recovery.not-asked');
    expect((await vouchAsContact(company(), second, matchingCode)).status).toBe(204);
    expect((await own(cara)).open).toMatchObject({ state: 'waiting', contactsSigned: 2 });
    expect(codeOf((await page.register()).answer)).toBe('recovery.not-ready');
    await page.ready();
    const { answer: done, passkeys } = await page.register();
    expect(done).toMatchObject({ status: 201 });
    const after = await passkeysOf(cara.accountNumber);
    expect([after.length, before.includes(after[0] ?? '')]).toEqual([1, false]);
    // Sessions, the proof on the live call and its grant are over; the lost passkey opens none.
    expect((await recoveryIn(company(), cara.device).read('')).status).toBe(401);
    const read = await agent.console.gateway(grant, {
      method: 'GET',
      path: `/customers/${cara.accountNumber}`,
    });
    expect(read.status).toBeGreaterThanOrEqual(401);
    await expect(cara.phone.signIn()).rejects.toThrow(/ceremony\.refused/);
    const device = createDevice();
    const phone = createCustomerPhone({ customersOrigin: origin, device, passkeys });
    await phone.signIn();
    back = { ...cara, device, passkeys, phone };
    expect(await own(back)).toMatchObject({ cappedUntil: expect.any(String) });
    expect((await own(back)).codeMadeAt).toBeUndefined();
    const { rows } = await sql<{ phrh_at: Date | null }>`
      select phrh_at from sessions where ended_at is null and subject_id in
      (select customer_id from customers where account_number = ${cara.accountNumber})`.execute(
      db(),
    );
    // A hardware key of an allowed maker, and it counts for less all the same.
    expect(rows).toEqual([{ phrh_at: null }]);
  });
  test('for seven days what weighs heavily stays closed, and what is read does not', async () => {
    const { agent, field } = scene();
    const { accountNumber, phone: customer } = back;
    const { caseId } = await proveCall(field.stage, { agent, customer, accountNumber });
    const grant = await grantOn(agent, caseId);
    const invoiceId = await invoiceOf(agent, grant, accountNumber);
    const order = { invoiceId, amountCents: 500, reason: 'service-outage' };
    const answer = await refund(agent, grant, { accountNumber, ...order });
    expect(JSON.stringify(answer.body)).toContain('was within the last seven days');
  });
}

/** What a passkey signed that is no more. */
function comeLate(): void {
  test('an invitation ends with the passkey that signed it', async () => {
    const act = { kind: 'accept-contact', secret: kept } as const;
    expect(codeOf(await doAct(company(), late, { act }))).toBe('recovery.invitation-dead');
  });
}
