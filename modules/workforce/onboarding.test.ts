import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Id } from '@proofline/kernel';
import type { Invitation, OnboardingState } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBrowser,
  createKey,
  enrol,
  evidenceMigration,
  registerOn,
  STAFF_ORIGIN,
  type Bench,
  type Options,
} from './testing/bench.ts';
import { createOffice, person, secretOf, type Office } from './testing/office.ts';

let storage: Storage;
let office: Office;
let bench: Bench;
let run = 0;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

beforeEach(async () => {
  run += 1;
  office = await createOffice(storage, `onboarding-${run}`);
  ({ bench } = office);
});

const refused = (code: string) => expect.objectContaining({ code });

describe('the way in', () => {
  it('HR invites, the colleague registers, the team lead confirms: only then there is a role', async () => {
    const { link, invitation } = await office.invite();
    expect(link).toMatch(/^http:\/\/staff\.localhost:4400\/onboarding#[\w-]{43}$/);
    expect(invitation).toMatchObject({ state: 'sent', invitedBy: 'Helga HR' });
    const browser = createBrowser();
    const screen = await enrol(bench, { link, browser, key: createKey(bench) });
    expect(screen).toMatchObject({ state: 'registered' });
    expect(screen.confirmationCode).toMatch(/^\d{6}$/);
    const before = await office.newcomer();
    expect(before).toMatchObject({ active: false, roles: [] });
    const confirmed = await office.confirm(screen.confirmationCode);
    expect(confirmed).toMatchObject({ state: 'confirmed', role: 'billing-agent' });
    expect(await office.newcomer()).toMatchObject({ active: true, roles: ['billing-agent'] });
    const after = await bench.call<OnboardingState>('onboarding.state', { browser });
    expect(after).toMatchObject({ state: 'confirmed' });
    expect(after).not.toHaveProperty('confirmationCode');
    expect((await bench.evidence()).map(({ kind }) => kind).slice(-4)).toEqual([
      'onboarding.invited',
      'onboarding.opened',
      'authenticator.registered',
      'onboarding.confirmed',
    ]);
    expect(bench.events.slice(-4).map(({ type, desk }) => [type, desk])).toEqual(
      Array.from({ length: 4 }, () => ['onboarding.changed', 'Lisbon']),
    );
  });

  it('each entry names the one before as its cause, and nothing personal stands in clear', async () => {
    const { link } = await office.invite();
    const screen = await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    await office.confirm(screen.confirmationCode);
    const chain = (await bench.evidence()).slice(-4);
    for (const [index, entry] of chain.entries()) {
      if (index > 0) expect(entry.causes).toContain(chain[index - 1]!.id);
      const { personal: _, ...clear } = entry;
      expect(JSON.stringify(clear)).not.toMatch(/Nina|N-1|Lisbon|credentialId|publicKey/);
    }
    expect(JSON.stringify(await bench.evidence())).not.toContain(secretOf(link).secret);
  });

  it('of link, cookie and code the database keeps nothing that opens anything', async () => {
    const { link } = await office.invite();
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const rows = await storage.db
      .withTables<{ workforce_invitations: Record<string, unknown> }>()
      .selectFrom('workforce_invitations')
      .selectAll()
      .execute();
    const text = JSON.stringify(rows);
    expect(text).not.toContain(secretOf(link).secret);
    expect(text).not.toContain(browser.cookie('__Host-onboarding'));
  });
});

describe('the link', () => {
  it('is good on the first device only, and that device may come back', async () => {
    const { link } = await office.invite();
    const first = createBrowser();
    await bench.call('onboarding.open', { browser: first, body: secretOf(link) });
    const second = bench.call('onboarding.open', {
      browser: createBrowser(),
      body: secretOf(link),
    });
    await expect(second).rejects.toEqual(refused('onboarding.link-dead'));
    const again = await bench.call('onboarding.open', { browser: first, body: secretOf(link) });
    expect(again).toMatchObject({ state: 'opened' });
    expect((await office.refusals()).map(({ facts }) => facts)).toEqual([
      { step: 'open', because: 'used' },
    ]);
  });

  it('is not good on a device that opened another link', async () => {
    const other = createBrowser();
    const { link: othersLink } = await office.invite({ ...person, employeeNumber: 'N-2' });
    await bench.call('onboarding.open', { browser: other, body: secretOf(othersLink) });
    const { link } = await office.invite();
    await bench.call('onboarding.open', { browser: createBrowser(), body: secretOf(link) });
    const attempt = bench.call('onboarding.open', { browser: other, body: secretOf(link) });
    await expect(attempt).rejects.toEqual(refused('onboarding.link-dead'));
    expect((await office.refusals()).at(-1)?.facts).toEqual({
      step: 'open',
      because: 'other-device',
    });
  });

  it('expires after a day, before and after it was opened', async () => {
    const { link } = await office.invite();
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    bench.clock.advance(24 * 60 * 60 * 1000);
    for (const route of ['onboarding.state', 'onboarding.options']) {
      await expect(bench.call(route, { browser })).rejects.toEqual(refused('onboarding.link-dead'));
    }
    const late = bench.call('onboarding.open', { browser, body: secretOf(link) });
    await expect(late).rejects.toEqual(refused('onboarding.link-dead'));
    const { invitations } = await bench.call<{ invitations: Invitation[] }>('onboarding.list', {
      as: office.hr,
      query: { state: 'expired' },
    });
    expect(invitations).toHaveLength(1);
  });

  it('is in the list of its own desk’s lead and of HR, and of no other lead (P9)', async () => {
    const { invitation } = await office.invite();
    const elsewhere = { displayName: 'Hanna', desk: 'Hamburg', employeeNumber: 'N-2' };
    const other = await office.invite(elsewhere);
    const seenBy = async (as: Id<'stf'>) =>
      (await bench.call<{ invitations: Invitation[] }>('onboarding.list', { as })).invitations
        .map(({ invitationId }) => invitationId)
        .filter((id) => [invitation.invitationId, other.invitation.invitationId].includes(id));
    expect(await seenBy(office.lead)).toEqual([invitation.invitationId]);
    expect(await seenBy(office.otherLead)).toEqual([other.invitation.invitationId]);
    expect(await seenBy(office.hr)).toHaveLength(2);
  });

  it('leads to a desk that there is, unless HR says that it is a new one', async () => {
    const slip = { ...person, desk: 'lisbon' };
    for (const body of [slip, { ...slip, desk: 'Porto' }]) {
      await expect(office.invite(body)).rejects.toEqual(refused('onboarding.desk-unknown'));
    }
    expect((await office.refusals()).at(-1)?.facts).toEqual({
      step: 'invite',
      because: 'desk-unknown',
    });
    const made = await office.invite({ ...person, desk: 'Porto', newDesk: true });
    expect(made.invitation.desk).toBe('Porto');
    // Now it is there: the next colleague needs no such word, and it changes nothing.
    await office.invite({ ...person, desk: 'Porto', employeeNumber: 'N-2' });
    await office.invite({ ...person, desk: 'Porto', employeeNumber: 'N-3', newDesk: true });
    const invited = (await bench.evidence()).filter(({ kind }) => kind === 'onboarding.invited');
    expect(invited.slice(-3).map(({ facts }) => facts['newDesk'])).toEqual([true, false, false]);
  });

  it('that a newer one replaced keeps name and desk, and stays in the list of that desk', async () => {
    const first = await office.invite();
    const again = { ...person, displayName: 'Nina Newman', desk: 'Hamburg' };
    const second = await office.invite(again);
    const seenBy = async (as: Id<'stf'>) => {
      const ids = [first, second].map(({ invitation }) => invitation.invitationId);
      const { invitations } = await bench.call<{ invitations: Invitation[] }>('onboarding.list', {
        as,
      });
      return invitations
        .filter(({ invitationId }) => ids.includes(invitationId))
        .map(({ desk, displayName, state }) => [displayName, desk, state]);
    };
    const replaced = ['Nina New', 'Lisbon', 'replaced'];
    const sent = ['Nina Newman', 'Hamburg', 'sent'];
    expect(await seenBy(office.lead)).toEqual([replaced]);
    expect(await seenBy(office.otherLead)).toEqual([sent]);
    expect(await seenBy(office.hr)).toEqual([sent, replaced]);
    // Both desks look again.
    expect(bench.events.slice(-2).map(({ desk }) => desk)).toEqual(['Lisbon', 'Hamburg']);
  });

  it('registers once: neither the options nor the answer work a second time', async () => {
    const { link } = await office.invite();
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const options = await bench.call<Options>('onboarding.options', { browser });
    const asked = { options: options.publicKey, origin: STAFF_ORIGIN };
    const { ceremonyId } = options;
    const answer = async () => ({ ceremonyId, credential: await createKey(bench).register(asked) });
    const body = await answer();
    await bench.call('onboarding.passkey', { browser, body });
    for (const repeated of [body, await answer()]) {
      const again = bench.call('onboarding.passkey', { browser, body: repeated });
      await expect(again).rejects.toEqual(refused('ceremony.expired'));
    }
    const more = bench.call('onboarding.options', { browser });
    await expect(more).rejects.toEqual(refused('onboarding.link-dead'));
  });

  it('of two answers at once, one registers', async () => {
    const { link } = await office.invite();
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const options = await bench.call<Options>('onboarding.options', { browser });
    const asked = { options: options.publicKey, origin: STAFF_ORIGIN };
    const { ceremonyId } = options;
    const outcomes = await Promise.allSettled(
      [1, 2].map(async () => {
        const credential = await createKey(bench).register(asked);
        return bench.call('onboarding.passkey', { browser, body: { ceremonyId, credential } });
      }),
    );
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('unknown, used and late ones look the same', async () => {
    const { link } = await office.invite();
    await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    const bodies = [secretOf(link), { secret: 'A'.repeat(43) }];
    for (const body of bodies) {
      const attempt = bench.call('onboarding.open', { browser: createBrowser(), body });
      await expect(attempt).rejects.toMatchObject({ code: 'onboarding.link-dead', details: {} });
    }
  });

  it('a browser without the cookie has nothing', async () => {
    for (const route of ['onboarding.state', 'onboarding.options']) {
      await expect(bench.call(route)).rejects.toEqual(refused('onboarding.link-dead'));
    }
  });

  it('unknown links cannot fill the log', async () => {
    for (let index = 0; index < 25; index += 1) {
      const body = { secret: String(index).padStart(43, 'x') };
      await expect(bench.call('onboarding.open', { body })).rejects.toBeDefined();
    }
    expect(await office.refusals()).toHaveLength(10);
    bench.clock.advance(10 * 60 * 1000);
    await expect(
      bench.call('onboarding.open', { body: { secret: 'x'.repeat(43) } }),
    ).rejects.toBeDefined();
    expect((await office.refusals()).at(-1)?.facts).toMatchObject({ suppressed: 15 });
  });
});

describe('the ceremony', () => {
  it.each([
    ['of a phishing page', { origin: 'https://evil.example' }],
    ['without user verification', { userVerified: false }],
    ['of the customers’ realm', { origin: 'http://customers.localhost:4400' }],
  ])('%s is refused, in evidence, and the link lives on', async (_name, misbehave) => {
    const { link } = await office.invite();
    const browser = createBrowser();
    const key = createKey(bench);
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const attempt = registerOn(bench, { browser, key, misbehave });
    await expect(attempt).rejects.toEqual(refused('ceremony.refused'));
    expect((await office.refusals()).at(-1)?.facts).toMatchObject({ step: 'register' });
    expect(await registerOn(bench, { browser, key: createKey(bench) })).toMatchObject({
      state: 'registered',
    });
  });

  it('cannot be answered from another device, nor after five minutes', async () => {
    const { link } = await office.invite();
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const options = await bench.call<Options>('onboarding.options', { browser });
    const asked = { options: options.publicKey, origin: STAFF_ORIGIN };
    const credential = await createKey(bench).register(asked);
    const body = { ceremonyId: options.ceremonyId, credential };
    const thief = bench.call('onboarding.passkey', { browser: createBrowser(), body });
    await expect(thief).rejects.toEqual(refused('onboarding.link-dead'));
    bench.clock.advance(5 * 60 * 1000);
    const late = bench.call('onboarding.passkey', { browser, body });
    await expect(late).rejects.toEqual(refused('ceremony.expired'));
  });

  it('a credential that belongs to somebody else is refused', async () => {
    const first = await office.invite();
    const key = createKey(bench);
    await enrol(bench, { link: first.link, browser: createBrowser(), key });
    const taken = key.credentials[0]!.credentialId;
    const second = await office.invite({ ...person, employeeNumber: 'N-2' });
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(second.link) });
    const options = await bench.call<Options>('onboarding.options', { browser });
    // A second device that claims the same credential id.
    const copy = createKey({ ...bench, random: { bytes: () => bytesOf(taken) } });
    const asked = { options: options.publicKey, origin: STAFF_ORIGIN };
    const credential = await copy.register(asked);
    const body = { ceremonyId: options.ceremonyId, credential };
    const attempt = bench.call('onboarding.passkey', { browser, body });
    await expect(attempt).rejects.toEqual(refused('ceremony.refused'));
    expect((await office.refusals()).at(-1)?.facts).toMatchObject({ because: 'credential-taken' });
  });

  it('at a desk whose machines are shared, no passkey is left behind on one of them', async () => {
    const { link } = await office.invite({ ...person, desk: 'Front desk', newDesk: true });
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const key = createKey(bench);
    const register = async (kept: object, transports: readonly string[]) => {
      const options = await bench.call<Options>('onboarding.options', { browser });
      expect(options.publicKey).toMatchObject({
        authenticatorSelection: { authenticatorAttachment: 'cross-platform' },
        hints: ['security-key', 'hybrid'],
      });
      const made = await createKey(bench).register({
        options: options.publicKey,
        origin: STAFF_ORIGIN,
      });
      const credential = { ...made, ...kept, response: { ...made.response, transports } };
      const body = { ceremonyId: options.ceremonyId, credential };
      return bench.call('onboarding.passkey', { browser, body });
    };
    const platform = { authenticatorAttachment: 'platform' };
    for (const [kept, transports] of [
      [platform, ['internal']],
      [platform, ['hybrid', 'internal']],
      [{}, ['internal']],
    ] as const) {
      await expect(register(kept, transports)).rejects.toEqual(refused('ceremony.refused'));
    }
    expect((await office.refusals()).at(-1)?.facts).toMatchObject({ because: 'left-behind' });
    expect(await registerOn(bench, { browser, key })).toMatchObject({ state: 'registered' });
  });
});

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));
