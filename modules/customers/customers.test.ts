import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import type { Id } from '@proofline/kernel';
import {
  customerSignIn,
  customerSignInOptions,
  customerSignOut,
  enrolmentOptions,
  enrolmentPasskey,
  inviteCustomer,
  openEnrolment,
  type ServiceCaller,
} from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  callRoute,
  createCustomersWorld,
  createFakeHttp,
  fakeSessionsMigration,
  ORIGIN,
  recordBookMigration,
} from './testing/index.ts';

const opener: ServiceCaller = { kind: 'service', subjectId: 'svc_bank', role: 'account-opening' };
const ANNA = 'C-1001';
const DAY_MS = 24 * 60 * 60 * 1000;

let storage: Storage;
let world: ReturnType<typeof createCustomersWorld>;

beforeEach(async () => {
  storage = await openTestStorage([...migrations, recordBookMigration, fakeSessionsMigration]);
  world = createCustomersWorld(storage);
  await world.customers.importCustomers([
    { accountNumber: ANNA, name: 'Anna Ek', greetingName: 'Anna', contact: sms('+4670100') },
    { accountNumber: 'C-1002', name: 'Bo Dahl', contact: sms('+4670200') },
    { accountNumber: 'C-1003', name: 'Cleo Falk' },
  ]);
});
afterEach(() => storage.close());

function sms(address: string) {
  return { kind: 'sms', address } as const;
}

function invite(accountNumber: string) {
  return callRoute(world.routes, inviteCustomer, { caller: opener, body: { accountNumber } });
}

async function linkFor(accountNumber: string): Promise<string> {
  await invite(accountNumber);
  return world.receiveLink();
}

async function openLink(secret: string, http = createFakeHttp()) {
  await callRoute(world.routes, openEnrolment, { body: { secret }, http });
  return http;
}

describe('an invitation to enrol', () => {
  it('goes to the contact on file, and the caller is told nothing', async () => {
    expect(await invite(ANNA)).toBeUndefined();
    await world.customers.messages.deliver();
    expect(world.phone.inbox).toHaveLength(1);
    expect(world.phone.inbox[0]).toMatchObject({ to: sms('+4670100') });
    expect(world.phone.inbox[0]?.link).toMatch(/^https:\/\/customers\.example\/enrol#[\w-]{43}$/);
    expect(world.phone.inbox[0]?.text).not.toContain(world.phone.inbox[0]?.link.split('#')[1]);
  });

  it.each([
    ['C-9999', 'unknown-account'],
    ['C-1003', 'no-contact'],
  ])('answers for %s as for any other, and the evidence says %s', async (account, because) => {
    expect(await invite(account)).toBeUndefined();
    expect(await world.customers.messages.deliver()).toBe(0);
    expect(await world.ledger.last('enrolment.refused')).toMatchObject({ facts: { because } });
  });

  it('is refused for who has had a passkey, also after a sync of the directory', async () => {
    await world.enrol(ANNA);
    await world.customers.importCustomers([
      { accountNumber: ANNA, name: 'Anna Ek', contact: sms('+99666') },
    ]);
    await expect(invite(ANNA)).rejects.toMatchObject({ code: 'enrolment.not-new' });
    expect(await world.customers.messages.deliver()).toBe(0);
    const customer = await world.customers.findByAccountNumber(storage.db, ANNA);
    const theirs = await world.customers.credentialsOf(storage.db, customer!.customerId);
    expect(theirs).toHaveLength(1);
  });

  it('is sent three times a day at most, and a newer one makes the older ones worthless', async () => {
    const [first, second] = [await linkFor(ANNA), await linkFor(ANNA)];
    await expect(openLink(first)).rejects.toMatchObject({ code: 'enrolment.link-dead' });
    await openLink(second);
    await invite(ANNA);
    await invite(ANNA);
    await world.customers.messages.deliver();
    expect(world.phone.inbox).toHaveLength(3);
    expect(await world.ledger.last('enrolment.refused')).toMatchObject({
      facts: { because: 'too-many' },
    });
  });
});

describe('an enrolment link', () => {
  it('is bound to the first device that opens it', async () => {
    const secret = await linkFor(ANNA);
    const http = await openLink(secret);
    expect(http.cookies.get('__Host-enrolment')).toMatch(/^[\w-]{43}$/);
    await openLink(secret, http);
    await expect(openLink(secret)).rejects.toMatchObject({ code: 'enrolment.link-dead' });
    expect(await world.ledger.last('enrolment.refused')).toMatchObject({
      facts: { because: 'other-device' },
    });
  });

  it('opened by strangers again and again fills no log', async () => {
    const secret = await linkFor(ANNA);
    await openLink(secret);
    const fail = () =>
      expect(openLink(secret)).rejects.toMatchObject({ code: 'enrolment.link-dead' });
    for (let n = 0; n < 13; n += 1) await fail();
    expect(await world.ledger.entries('enrolment.refused')).toHaveLength(10);
    world.clock.advance(10 * 60 * 1000);
    await fail();
    expect((await world.ledger.last('enrolment.refused')).facts).toMatchObject({ suppressed: 3 });
  });

  it('expires after a day', async () => {
    const secret = await linkFor(ANNA);
    world.clock.advance(DAY_MS);
    await expect(openLink(secret)).rejects.toMatchObject({ code: 'enrolment.link-dead' });
  });

  it('works once: not again on the same device, nor with an old prompt', async () => {
    const http = await openLink(await linkFor(ANNA));
    const cookie = http.cookies.get('__Host-enrolment')!;
    const other = await callRoute(world.routes, enrolmentOptions, { http });
    await world.register(createSoftwareAuthenticator({ kind: 'synced' }), http);
    expect(http.cookies.has('__Host-enrolment')).toBe(false);
    http.cookies.set('__Host-enrolment', cookie);
    const second = createSoftwareAuthenticator({ kind: 'synced' });
    const credential = await second.register({ options: other.publicKey, origin: ORIGIN });
    const body = { ceremonyId: other.ceremonyId, credential };
    await expect(callRoute(world.routes, enrolmentPasskey, { body, http })).rejects.toMatchObject({
      code: 'enrolment.link-dead',
    });
  });

  it('gives nothing to a device without its cookie', async () => {
    await openLink(await linkFor(ANNA));
    await expect(
      callRoute(world.routes, enrolmentOptions, { http: createFakeHttp() }),
    ).rejects.toMatchObject({ code: 'enrolment.link-dead' });
  });

  it('registers one passkey when two answers arrive at once', async () => {
    const http = await openLink(await linkFor(ANNA));
    const answers = await Promise.all(
      [1, 2].map(async () => {
        const options = await callRoute(world.routes, enrolmentOptions, { http });
        const device = createSoftwareAuthenticator({ kind: 'synced' });
        const credential = await device.register({ options: options.publicKey, origin: ORIGIN });
        return { ceremonyId: options.ceremonyId, credential };
      }),
    );
    const results = await Promise.allSettled(
      answers.map((body) => callRoute(world.routes, enrolmentPasskey, { body, http })),
    );
    expect(results.map((result) => result.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await world.ledger.entries('authenticator.registered')).toHaveLength(1);
  });
});

describe('a registration', () => {
  it('asked for twice on one device is taken once, and the passkey taken is not overwritten', async () => {
    const http = await openLink(await linkFor(ANNA));
    const device = createSoftwareAuthenticator({ kind: 'synced' });
    const prompts = [
      await callRoute(world.routes, enrolmentOptions, { http }),
      await callRoute(world.routes, enrolmentOptions, { http }),
    ];
    const answers = [];
    // The device makes the second one first: the other order is the same with one handle each.
    for (const { ceremonyId, publicKey } of prompts.toReversed()) {
      const credential = await device.register({ options: publicKey, origin: ORIGIN });
      answers.unshift({ ceremonyId, credential });
    }
    const [voided, open] = answers;
    await expect(
      callRoute(world.routes, enrolmentPasskey, { body: voided!, http }),
    ).rejects.toMatchObject({ code: 'ceremony.expired' });
    await callRoute(world.routes, enrolmentPasskey, { body: open!, http });
    expect(device.credentials.map(({ credentialId }) => credentialId)).toContain(
      open?.credential.id,
    );
  });

  it('leaves its entry, which holds the key as personal data only', async () => {
    await world.enrol(ANNA);
    const entry = await world.ledger.last('authenticator.registered');
    const { publicKey } = (
      await world.customers.credentialsOf(storage.db, entry.subjects!['customer'] as Id<'cus'>)
    )[0]!;
    expect(entry.personal?.[0]?.fields).toMatchObject({ credential: { publicKey } });
    expect(JSON.stringify(entry.facts)).not.toContain(publicKey);
    expect(entry.causes).toEqual([(await world.ledger.last('enrolment.invited')).evidenceId]);
  });

  it('is refused from another origin, leaves the link alive, and uses the prompt up', async () => {
    const http = await openLink(await linkFor(ANNA));
    const options = await callRoute(world.routes, enrolmentOptions, { http });
    const device = createSoftwareAuthenticator({ kind: 'synced' });
    const request = { options: options.publicKey, origin: ORIGIN };
    const forged = await device.register({
      ...request,
      misbehave: { origin: 'https://evil.example' },
    });
    const body = { ceremonyId: options.ceremonyId, credential: forged };
    const send = () => callRoute(world.routes, enrolmentPasskey, { body, http });
    await expect(send()).rejects.toMatchObject({ code: 'ceremony.refused' });
    await expect(send()).rejects.toMatchObject({ code: 'ceremony.expired' });
    await world.register(createSoftwareAuthenticator({ kind: 'synced' }), http);
  });

  it('is refused with the id of somebody else’s credential', async () => {
    const annas = await world.enrol(ANNA);
    const http = await openLink(await linkFor('C-1002'));
    const options = await callRoute(world.routes, enrolmentOptions, { http });
    const credential = await createSoftwareAuthenticator({
      kind: 'synced',
      random: {
        bytes: () => new Uint8Array(Buffer.from(annas.credentials[0]!.credentialId, 'base64url')),
      },
    }).register({ options: options.publicKey, origin: ORIGIN });
    const body = { ceremonyId: options.ceremonyId, credential };
    await expect(callRoute(world.routes, enrolmentPasskey, { body, http })).rejects.toMatchObject({
      code: 'ceremony.refused',
    });
    expect(await world.ledger.entries('authenticator.registered')).toHaveLength(1);
  });
});

describe('a sign-in', () => {
  it('sets the session’s cookie, and signing out ends the session', async () => {
    const http = await world.signIn(await world.enrol(ANNA));
    expect(http.cookies.get('__Host-customer')).toMatch(/^secret-of-ses_/);
    const sessionId = http.cookies.get('__Host-customer')!.slice(10) as Id<'ses'>;
    const customer = await world.customers.findByAccountNumber(storage.db, ANNA);
    const caller = { kind: 'customer', customerId: customer!.customerId, sessionId } as const;
    await callRoute(world.routes, customerSignOut, { caller, http });
    expect(world.sessions.ended).toEqual([sessionId]);
    expect(http.cookies.has('__Host-customer')).toBe(false);
  });

  it('looks the same for an unknown credential and a bad signature', async () => {
    const device = await world.enrol(ANNA);
    const refusal = async (misbehave: object) => {
      const options = await callRoute(world.routes, customerSignInOptions);
      const request = { options: options.publicKey, origin: ORIGIN, misbehave };
      const body = { ceremonyId: options.ceremonyId, credential: await device.assert(request) };
      return callRoute(world.routes, customerSignIn, { body }).catch((error: unknown) => error);
    };
    const unknown = await refusal({ credentialId: 'AAAAAAAAAAAAAAAAAAAAAA' });
    const forged = await refusal({ signature: 'other-key' });
    expect(unknown).toMatchObject({ code: 'ceremony.refused' });
    expect(forged).toMatchObject({ code: 'ceremony.refused' });
    const told = (await world.ledger.entries('session.refused')).map(
      (one) => one.facts?.['because'],
    );
    expect(told).toEqual(['unknown-credential', 'signature-wrong']);
  });

  it('by an unknown passkey fills no log: ten entries, then the count of the rest', async () => {
    const device = await world.enrol(ANNA);
    const misbehave = { credentialId: 'AAAAAAAAAAAAAAAAAAAAAA' };
    const fail = async () => {
      const options = await callRoute(world.routes, customerSignInOptions);
      const request = { options: options.publicKey, origin: ORIGIN, misbehave };
      const body = { ceremonyId: options.ceremonyId, credential: await device.assert(request) };
      await expect(callRoute(world.routes, customerSignIn, { body })).rejects.toMatchObject({
        code: 'ceremony.refused',
      });
    };
    for (let n = 0; n < 13; n += 1) await fail();
    expect(await world.ledger.entries('session.refused')).toHaveLength(10);
    world.clock.advance(10 * 60 * 1000);
    await fail();
    expect((await world.ledger.last('session.refused')).facts).toMatchObject({ suppressed: 3 });
  });

  it('cannot be replayed', async () => {
    const device = await world.enrol(ANNA);
    const options = await callRoute(world.routes, customerSignInOptions);
    const credential = await device.assert({ options: options.publicKey, origin: ORIGIN });
    const body = { ceremonyId: options.ceremonyId, credential };
    await callRoute(world.routes, customerSignIn, { body });
    await expect(callRoute(world.routes, customerSignIn, { body })).rejects.toMatchObject({
      code: 'ceremony.expired',
    });
  });
});

describe('a message', () => {
  it('is sent again until the carrier takes it, with the same id', async () => {
    world.phone.isOutOfOrder = true;
    await invite(ANNA);
    expect(await world.customers.messages.deliver()).toBe(0);
    world.phone.isOutOfOrder = false;
    expect(await world.customers.messages.deliver()).toBe(0);
    world.clock.advance(2_000);
    expect(await world.customers.messages.deliver()).toBe(1);
    expect(await world.customers.messages.deliver()).toBe(0);
    expect(world.phone.inbox).toHaveLength(1);
  });

  it('is not sent when its link is dead, and leaves nothing behind', async () => {
    world.phone.isOutOfOrder = true;
    await invite(ANNA);
    await world.customers.messages.deliver();
    world.phone.isOutOfOrder = false;
    world.clock.advance(DAY_MS);
    expect(await world.customers.messages.deliver()).toBe(0);
    expect(world.phone.inbox).toHaveLength(0);
    const rows = await storage.db
      .withTables<{ customer_messages: { link: string | null; body: string | null } }>()
      .selectFrom('customer_messages')
      .select(['link', 'body'])
      .execute();
    expect(rows).toEqual([{ link: null, body: null }]);
  });
});
