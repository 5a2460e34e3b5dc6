import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Invitation } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { openTestStorage } from '../../tests/harness/open-test-storage.ts';
import { migrations } from './index.ts';
import {
  createBench,
  createBrowser,
  createKey,
  enrol,
  evidenceMigration,
  type Bench,
  type Screen,
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
  office = await createOffice(storage, `confirming-${run}`);
  ({ bench } = office);
});

const refused = (code: string) => expect.objectContaining({ code });

describe('inviting', () => {
  it('the same person again kills the older link, while nothing was registered', async () => {
    const first = await office.invite();
    const opened = createBrowser();
    await bench.call('onboarding.open', { browser: opened, body: secretOf(first.link) });
    const second = await office.invite({ ...person, displayName: 'Nina Newer' });
    await expect(bench.call('onboarding.options', { browser: opened })).rejects.toEqual(
      refused('onboarding.link-dead'),
    );
    const dead = bench.call('onboarding.open', { body: secretOf(first.link) });
    await expect(dead).rejects.toEqual(refused('onboarding.link-dead'));
    const browser = createBrowser();
    const screen = await enrol(bench, { link: second.link, browser, key: createKey(bench) });
    expect(screen).toMatchObject({ state: 'registered', displayName: 'Nina Newer' });
    const { invitations } = await bench.call<{ invitations: Invitation[] }>('onboarding.list', {
      as: office.hr,
      query: { state: 'replaced' },
    });
    expect(invitations.map(({ invitationId }) => invitationId)).toEqual([
      first.invitation.invitationId,
    ]);
  });

  it('nobody can be invited who ever had an authenticator: waiting, active or founder', async () => {
    const { link } = await office.invite();
    await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    for (const employeeNumber of ['N-1', 'F-1', 'F-2']) {
      const again = office.invite({ ...person, employeeNumber });
      await expect(again).rejects.toEqual(refused('onboarding.not-new'));
    }
    expect((await office.refusals()).map(({ facts }) => facts['because'])).toEqual(
      Array(3).fill('not-new'),
    );
    expect(await bench.workforce.findColleague(office.hr)).toMatchObject({
      displayName: 'Helga HR',
    });
  });
});

describe('confirming', () => {
  async function waiting(employeeNumber = 'N-1') {
    const { link } = await office.invite({ ...person, employeeNumber });
    const browser = createBrowser();
    const screen = await enrol(bench, { link, browser, key: createKey(bench) });
    return { browser, code: screen.confirmationCode };
  }

  it('the inviter cannot, even with a role that may confirm', async () => {
    const { link } = await office.invite(person, office.lead);
    const screen = await enrol(bench, { link, browser: createBrowser(), key: createKey(bench) });
    const attempt = office.confirm(screen.confirmationCode);
    await expect(attempt).rejects.toEqual(refused('onboarding.not-yourself'));
    expect((await office.refusals()).at(-1)?.facts).toMatchObject({ because: 'inviter-confirms' });
    expect(await office.newcomer()).toMatchObject({ active: false });
  });

  it.each(['team-lead', 'supervisor', 'hr-officer', 'security-admin', 'auditor'])(
    'a team lead cannot give the role of a %s',
    async (role) => {
      const { code } = await waiting();
      await expect(office.confirm(code, { role })).rejects.toEqual(refused('access.denied'));
      expect(await office.newcomer()).toMatchObject({ active: false });
    },
  );

  it('HR cannot give any role', async () => {
    const { code } = await waiting();
    await expect(office.confirm(code, { as: office.hr })).rejects.toEqual(refused('access.denied'));
  });

  it('a team lead of another desk is not in the same room', async () => {
    const { code } = await waiting();
    const attempt = office.confirm(code, { as: office.otherLead });
    await expect(attempt).rejects.toEqual(refused('onboarding.code-wrong'));
    expect((await office.refusals()).at(-1)?.facts).toMatchObject({ because: 'other-desk' });
  });

  it('a code works once', async () => {
    const { code } = await waiting();
    await office.confirm(code);
    await expect(office.confirm(code)).rejects.toEqual(refused('onboarding.code-wrong'));
  });

  it('an old code is dead, and the screen shows another', async () => {
    const { browser, code } = await waiting();
    bench.clock.advance(10 * 60 * 1000);
    await expect(office.confirm(code)).rejects.toEqual(refused('onboarding.code-wrong'));
    const screen = await bench.call<Screen>('onboarding.state', { browser });
    expect(screen.confirmationCode).toMatch(/^\d{6}$/);
    expect(screen.confirmationCode).not.toBe(code);
    expect(await office.confirm(screen.confirmationCode)).toMatchObject({ state: 'confirmed' });
  });

  it('five wrong codes, and this confirmer waits ten minutes, even with the right one', async () => {
    const { browser, code } = await waiting();
    for (let index = 0; index < 5; index += 1) {
      const wrong = String((Number(code) + index + 1) % 1_000_000).padStart(6, '0');
      await expect(office.confirm(wrong)).rejects.toEqual(refused('onboarding.code-wrong'));
    }
    await expect(office.confirm(code)).rejects.toEqual(refused('request.too-many'));
    bench.clock.advance(10 * 60 * 1000);
    const screen = await bench.call<Screen>('onboarding.state', { browser });
    expect(await office.confirm(screen.confirmationCode)).toMatchObject({ state: 'confirmed' });
  });

  it('wrong codes sent at once are all counted', async () => {
    await waiting();
    const codes = Array.from({ length: 8 }, (_, index) => `00000${index}`);
    const outcomes = await Promise.allSettled(codes.map((code) => office.confirm(code)));
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
    expect((await office.refusals()).at(-1)?.facts).toEqual({
      step: 'found',
      because: 'staff-exist',
    });
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
