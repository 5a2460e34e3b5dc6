import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Id } from '@proofline/kernel';
import type { Invitation, OnboardingState } from '@proofline/protocol';
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
  registerOn,
  STAFF_ORIGIN,
  type Bench,
  type Options,
  type Screen,
} from './testing/bench.ts';

let storage: Storage;
let bench: Bench;
let hr: Id<'stf'>;
let lead: Id<'stf'>;
let otherLead: Id<'stf'>;
let run = 0;

beforeAll(async () => {
  storage = await openTestStorage([...migrations, evidenceMigration]);
});
afterAll(() => storage.close());

beforeEach(async () => {
  run += 1;
  bench = createBench(storage, `onboarding-${run}`);
  const founders = await foundActive(bench, [
    { displayName: 'Helga HR', role: 'hr-officer' },
    { displayName: 'Luis Lead', role: 'team-lead' },
    { displayName: 'Otto Other', role: 'team-lead', desk: 'Hamburg' },
  ]);
  [hr, lead, otherLead] = founders.map(({ subjectId }) => subjectId) as [
    Id<'stf'>,
    Id<'stf'>,
    Id<'stf'>,
  ];
});

const person = { displayName: 'Nina New', desk: 'Lisbon', employeeNumber: 'N-1' };
const invite = (body: object = person, as = hr) =>
  bench.call<{ link: string; invitation: Invitation }>('onboarding.invite', { as, body });
const confirm = (code: string | undefined, { role = 'billing-agent', as = lead } = {}) =>
  bench.call<Invitation>('onboarding.confirm', { as, body: { code: code ?? '', role } });
const secretOf = (link: string) => ({ secret: new URL(link).hash.slice(1) });
const refused = (code: string) => expect.objectContaining({ code });
const kinds = async () => (await bench.evidence()).map(({ kind }) => kind);
const refusals = async () =>
  (await bench.evidence()).filter(({ kind }) => kind === 'onboarding.refused');

describe('the way in', () => {
  it('HR invites, the colleague registers, the team lead confirms: only then there is a role', async () => {
    const { link, invitation } = await invite();
    expect(link).toMatch(/^http:\/\/staff\.localhost:4400\/onboarding#[\w-]{43}$/);
    expect(invitation).toMatchObject({ state: 'sent', invitedBy: 'Helga HR' });
    const browser = createBrowser();
    const screen = await enrol(bench, { link, browser, key: createKey(bench) });
    expect(screen).toMatchObject({ state: 'registered' });
    expect(screen.confirmationCode).toMatch(/^\d{6}$/);
    const before = await colleague();
    expect(before).toMatchObject({ active: false, roles: [] });
    const confirmed = await confirm(screen.confirmationCode);
    expect(confirmed).toMatchObject({ state: 'confirmed', role: 'billing-agent' });
    expect(await colleague()).toMatchObject({ active: true, roles: ['billing-agent'] });
    const after = await bench.call<OnboardingState>('onboarding.state', { browser });
    expect(after).toMatchObject({ state: 'confirmed' });
    expect(after).not.toHaveProperty('confirmationCode');
    expect((await kinds()).slice(-4)).toEqual([
      'onboarding.invited',
      'onboarding.opened',
      'authenticator.registered',
      'onboarding.confirmed',
    ]);
    expect(bench.events.slice(-4).map(({ name, desk }) => [name, desk])).toEqual(
      Array(4).fill(['onboarding.changed', 'Lisbon']),
    );
  });

  it('each entry names the one before as its cause, and nothing personal stands in clear', async () => {
    const { link } = await invite();
    const screen = await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    await confirm(screen.confirmationCode);
    const chain = (await bench.evidence()).slice(-4);
    for (const [index, entry] of chain.entries()) {
      if (index > 0) expect(entry.causes).toContain(chain[index - 1]!.id);
      const { personal: _, ...clear } = entry;
      expect(JSON.stringify(clear)).not.toMatch(/Nina|N-1|Lisbon|credentialId|publicKey/);
    }
    expect(JSON.stringify(await bench.evidence())).not.toContain(secretOf(link).secret);
  });

  it('of link, cookie and code the database keeps nothing that opens anything', async () => {
    const { link } = await invite();
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

async function colleague() {
  const invitee = (await bench.evidence())
    .filter(({ kind }) => kind === 'onboarding.invited')
    .at(-1)?.subjects?.['invitee'];
  return bench.workforce.findColleague(invitee as Id<'stf'>);
}

describe('the link', () => {
  it('is good on the first device only, and that device may come back', async () => {
    const { link } = await invite();
    const first = createBrowser();
    await bench.call('onboarding.open', { browser: first, body: secretOf(link) });
    const second = bench.call('onboarding.open', {
      browser: createBrowser(),
      body: secretOf(link),
    });
    await expect(second).rejects.toEqual(refused('onboarding.link-dead'));
    const again = await bench.call('onboarding.open', { browser: first, body: secretOf(link) });
    expect(again).toMatchObject({ state: 'opened' });
    expect((await refusals()).map(({ facts }) => facts)).toEqual([
      { step: 'open', because: 'used' },
    ]);
  });

  it('is not good on a device that opened another link', async () => {
    const other = createBrowser();
    const { link: othersLink } = await invite({ ...person, employeeNumber: 'N-2' });
    await bench.call('onboarding.open', { browser: other, body: secretOf(othersLink) });
    const { link } = await invite();
    await bench.call('onboarding.open', { browser: createBrowser(), body: secretOf(link) });
    const attempt = bench.call('onboarding.open', { browser: other, body: secretOf(link) });
    await expect(attempt).rejects.toEqual(refused('onboarding.link-dead'));
    expect((await refusals()).at(-1)?.facts).toEqual({ step: 'open', because: 'other-device' });
  });

  it('expires after a day, before and after it was opened', async () => {
    const { link } = await invite();
    const browser = createBrowser();
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    bench.clock.advance(24 * 60 * 60 * 1000);
    for (const route of ['onboarding.state', 'onboarding.options']) {
      await expect(bench.call(route, { browser })).rejects.toEqual(refused('onboarding.link-dead'));
    }
    const late = bench.call('onboarding.open', { browser, body: secretOf(link) });
    await expect(late).rejects.toEqual(refused('onboarding.link-dead'));
    const { invitations } = await bench.call<{ invitations: Invitation[] }>('onboarding.list', {
      as: hr,
      query: { state: 'expired' },
    });
    expect(invitations).toHaveLength(1);
  });

  it('registers once: neither the options nor the answer work a second time', async () => {
    const { link } = await invite();
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
    const { link } = await invite();
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
    const { link } = await invite();
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
    expect(await refusals()).toHaveLength(10);
    bench.clock.advance(10 * 60 * 1000);
    await expect(
      bench.call('onboarding.open', { body: { secret: 'x'.repeat(43) } }),
    ).rejects.toBeDefined();
    expect((await refusals()).at(-1)?.facts).toMatchObject({ suppressed: 15 });
  });
});

describe('the ceremony', () => {
  it.each([
    ['of a phishing page', { origin: 'https://evil.example' }],
    ['without user verification', { userVerified: false }],
    ['of the customers’ realm', { origin: 'http://customers.localhost:4400' }],
  ])('%s is refused, in evidence, and the link lives on', async (_name, misbehave) => {
    const { link } = await invite();
    const browser = createBrowser();
    const key = createKey(bench);
    await bench.call('onboarding.open', { browser, body: secretOf(link) });
    const attempt = registerOn(bench, { browser, key, misbehave });
    await expect(attempt).rejects.toEqual(refused('ceremony.refused'));
    expect((await refusals()).at(-1)?.facts).toMatchObject({ step: 'register' });
    expect(await registerOn(bench, { browser, key: createKey(bench) })).toMatchObject({
      state: 'registered',
    });
  });

  it('cannot be answered from another device, nor after five minutes', async () => {
    const { link } = await invite();
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
    const first = await invite();
    const key = createKey(bench);
    await enrol(bench, { link: first.link, browser: createBrowser(), key });
    const taken = key.credentials[0]!.credentialId;
    const second = await invite({ ...person, employeeNumber: 'N-2' });
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
    expect((await refusals()).at(-1)?.facts).toMatchObject({ because: 'credential-taken' });
  });
});

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

describe('inviting', () => {
  it('the same person again kills the older link, while nothing was registered', async () => {
    const first = await invite();
    const opened = createBrowser();
    await bench.call('onboarding.open', { browser: opened, body: secretOf(first.link) });
    const second = await invite({ ...person, displayName: 'Nina Newer' });
    await expect(bench.call('onboarding.options', { browser: opened })).rejects.toEqual(
      refused('onboarding.link-dead'),
    );
    const dead = bench.call('onboarding.open', { body: secretOf(first.link) });
    await expect(dead).rejects.toEqual(refused('onboarding.link-dead'));
    const browser = createBrowser();
    const screen = await enrol(bench, { link: second.link, browser, key: createKey(bench) });
    expect(screen).toMatchObject({ state: 'registered', displayName: 'Nina Newer' });
  });

  it('nobody can be invited who ever had an authenticator: waiting, active or founder', async () => {
    const { link } = await invite();
    await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    for (const employeeNumber of ['N-1', 'F-1', 'F-2']) {
      const again = invite({ ...person, employeeNumber });
      await expect(again).rejects.toEqual(refused('onboarding.not-new'));
    }
    expect((await refusals()).map(({ facts }) => facts['because'])).toEqual(
      Array(3).fill('not-new'),
    );
    expect(await bench.workforce.findColleague(hr)).toMatchObject({ displayName: 'Helga HR' });
  });
});

describe('confirming', () => {
  async function waiting(employeeNumber = 'N-1') {
    const { link } = await invite({ ...person, employeeNumber });
    const browser = createBrowser();
    const screen = await enrol(bench, { link, browser, key: createKey(bench) });
    return { browser, code: screen.confirmationCode };
  }

  it('the inviter cannot, even with a role that may confirm', async () => {
    const { link } = await invite(person, lead);
    const screen = await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    const attempt = confirm(screen.confirmationCode);
    await expect(attempt).rejects.toEqual(refused('onboarding.not-yourself'));
    expect((await refusals()).at(-1)?.facts).toMatchObject({ because: 'inviter-confirms' });
    expect(await colleague()).toMatchObject({ active: false });
  });

  it.each(['team-lead', 'supervisor', 'hr-officer', 'security-admin', 'auditor'])(
    'a team lead cannot give the role of a %s',
    async (role) => {
      const { code } = await waiting();
      await expect(confirm(code, { role })).rejects.toEqual(refused('access.denied'));
      expect(await colleague()).toMatchObject({ active: false });
    },
  );

  it('HR cannot give any role', async () => {
    const { code } = await waiting();
    await expect(confirm(code, { as: hr })).rejects.toEqual(refused('access.denied'));
  });

  it('a team lead of another desk is not in the same room', async () => {
    const { code } = await waiting();
    const attempt = confirm(code, { as: otherLead });
    await expect(attempt).rejects.toEqual(refused('onboarding.code-wrong'));
    expect((await refusals()).at(-1)?.facts).toMatchObject({ because: 'other-desk' });
  });

  it('a code works once', async () => {
    const { code } = await waiting();
    await confirm(code);
    await expect(confirm(code)).rejects.toEqual(refused('onboarding.code-wrong'));
  });

  it('an old code is dead, and the screen shows another', async () => {
    const { browser, code } = await waiting();
    bench.clock.advance(10 * 60 * 1000);
    await expect(confirm(code)).rejects.toEqual(refused('onboarding.code-wrong'));
    const screen = await bench.call<Screen>('onboarding.state', { browser });
    expect(screen.confirmationCode).toMatch(/^\d{6}$/);
    expect(screen.confirmationCode).not.toBe(code);
    expect(await confirm(screen.confirmationCode)).toMatchObject({ state: 'confirmed' });
  });

  it('five wrong codes, and this confirmer waits ten minutes, even with the right one', async () => {
    const { browser, code } = await waiting();
    for (let index = 0; index < 5; index += 1) {
      const wrong = String((Number(code) + index + 1) % 1_000_000).padStart(6, '0');
      await expect(confirm(wrong)).rejects.toEqual(refused('onboarding.code-wrong'));
    }
    await expect(confirm(code)).rejects.toEqual(refused('request.too-many'));
    bench.clock.advance(10 * 60 * 1000);
    const screen = await bench.call<Screen>('onboarding.state', { browser });
    expect(await confirm(screen.confirmationCode)).toMatchObject({ state: 'confirmed' });
  });

  it('wrong codes sent at once are all counted', async () => {
    await waiting();
    const codes = Array.from({ length: 8 }, (_, index) => `00000${index}`);
    const outcomes = await Promise.allSettled(codes.map((code) => confirm(code)));
    const reasons = outcomes.map((outcome) =>
      outcome.status === 'rejected' ? (outcome.reason as { code: string }).code : 'confirmed',
    );
    expect(reasons.filter((code) => code === 'onboarding.code-wrong').length).toBeLessThanOrEqual(
      5,
    );
    expect(reasons).toContain('request.too-many');
  });

  it('a waiting colleague is not waiting for ever', async () => {
    const { browser } = await waiting();
    bench.clock.advance(7 * 24 * 60 * 60 * 1000);
    const state = bench.call('onboarding.state', { browser });
    await expect(state).rejects.toEqual(refused('onboarding.link-dead'));
  });

  it('two who wait never have the same code', async () => {
    const codes = [];
    for (let index = 0; index < 5; index += 1) codes.push((await waiting(`N-${index}`)).code);
    expect(new Set(codes).size).toBe(5);
  });
});

describe('founding', () => {
  it('is possible once, while nobody is there', async () => {
    expect(await bench.workforce.hasStaff()).toBe(true);
    const founder = {
      displayName: 'Mallory',
      desk: 'Lisbon',
      employeeNumber: 'M-1',
      role: 'security-admin',
    } as const;
    await expect(bench.workforce.foundStaff([founder])).rejects.toEqual(
      refused('onboarding.not-new'),
    );
    expect((await refusals()).at(-1)?.facts).toEqual({ step: 'found', because: 'staff-exist' });
    const empty = createBench(storage, `founding-${run}`);
    const results = await Promise.allSettled([
      empty.workforce.foundStaff([founder]),
      empty.workforce.foundStaff([{ ...founder, employeeNumber: 'M-2' }]),
    ]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('the evidence says that founders were founded, and nobody confirmed them', async () => {
    const entries = await bench.evidence();
    const invited = entries.filter(({ kind }) => kind === 'onboarding.invited');
    expect(invited.map(({ facts }) => facts['founding'])).toEqual([true, true, true]);
    const registered = entries.filter(({ kind }) => kind === 'authenticator.registered');
    expect(registered[0]?.facts).toMatchObject({ founding: true, role: 'hr-officer', acr: 'phrh' });
    expect(entries.map(({ kind }) => kind)).not.toContain('onboarding.confirmed');
  });
});
