import { BreakGlass, CeremonyOptions, OwnAuthenticators, type OwnAct } from '@proofline/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevice } from '../../demo/actors/device.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, selfOf } from '../../demo/story/stage.ts';
import { beginAllowing, onlyRequest, openTerminal, proveAllowing } from './asking-application.ts';
import { asCaller, callAs, hire, invite, type CustomerAtHome } from './callers.ts';
import { changeOwn } from './own-passkeys.ts';
import { openIdentities, type Identities } from './open-identities.ts';
import { codeIn, send } from './send.ts';

let field: Identities;
let hr: Colleague;
let lead: Colleague;
let agent: Colleague;
let victim: CustomerAtHome;

beforeAll(async () => {
  field = await openIdentities();
  ({ hr, lead, agent, victim } = field);
});
afterAll(() => field.close());

const staff = () => field.company.origins.staff;
const customers = () => field.company.origins.customers;

describe('P1: inviting and confirming', () => {
  test('HR cannot invite anew somebody who has an authenticator', () =>
    field.nobodyGains(async () => {
      const again = { displayName: 'Ana Ruiz', desk: 'Head office', employeeNumber: 'CV-2003' };
      const answer = await hr.console.api('POST', '/api/onboarding/invitations', again);
      expect(codeOf(answer)).toBe('onboarding.not-new');
      expect(JSON.stringify(answer.body)).not.toContain('link');
    }));

  test('HR cannot invite anew somebody who has registered and waits for confirmation', async () => {
    const { employeeNumber, name } = await hire(field.company, hr);
    const again = { displayName: name, desk: 'Head office', employeeNumber };
    const answer = await hr.console.api('POST', '/api/onboarding/invitations', again);
    expect(codeOf(answer)).toBe('onboarding.not-new');
  });

  test('account opening cannot invite anew a customer who has a passkey', () =>
    field.nobodyGains(async () => {
      const service = await field.company.service('account-opening');
      const before = field.company.messages.length;
      const { accountNumber } = victim;
      const answer = await service.call('POST', '/api/enrolments', { accountNumber });
      expect(codeOf(answer)).toBe('enrolment.not-new');
      expect(field.company.messages.length).toBe(before);
    }));

  test('whoever invited cannot confirm: HR is refused for its own invitee', async () => {
    const { state } = await hire(field.company, hr);
    const body = { code: state.confirmationCode, role: 'billing-agent' };
    const answer = await hr.console.api('POST', '/api/onboarding/confirmations', body);
    expect(answer.status).toBe(403);
  });

  test('a newcomer cannot confirm themselves: no token comes before the confirmation', async () => {
    const newcomer = await hire(field.company, hr);
    await expect(newcomer.console.signIn()).rejects.toThrow('sign-in');
    const body = { code: newcomer.state.confirmationCode, role: 'security-admin' };
    const answer = await callAs(
      { name: 'newcomer', device: newcomer.device },
      { origin: staff(), method: 'POST', path: '/api/onboarding/confirmations', json: body },
    );
    expect(codeIn(answer)).toBe('token.missing');
  });

  test('a lead cannot confirm somebody who sits at another desk', async () => {
    const { state, invitation } = await hire(field.company, hr, 'Head office');
    const body = { code: state.confirmationCode, role: 'billing-agent' };
    const answer = await lead.console.api('POST', '/api/onboarding/confirmations', body);
    expect(codeOf(answer)).toBe('onboarding.code-wrong');
    const listed = await hr.console.api('GET', '/api/onboarding/invitations?state=registered');
    expect(JSON.stringify(listed.body)).toContain(invitation.invitationId);
  });

  test('a lead cannot give a role that is not theirs to give', async () => {
    const { state } = await hire(field.company, hr);
    for (const role of ['security-admin', 'auditor', 'hr-officer']) {
      const body = { code: state.confirmationCode, role };
      const answer = await lead.console.api('POST', '/api/onboarding/confirmations', body);
      expect(`${role}: ${answer.status}`).toBe(`${role}: 403`);
    }
  });

  test('the six-digit code cannot be guessed: after five wrong ones even the right one is refused', async () => {
    const { state } = await hire(field.company, hr, 'Head office');
    const elsewhere = await seatFounder(field.company, 'Femi Balogun');
    const guess = (code: string) =>
      elsewhere.console.api('POST', '/api/onboarding/confirmations', {
        code,
        role: 'billing-agent',
      });
    const right = state.confirmationCode ?? '';
    for (let turn = 0; turn < 5; turn += 1) {
      const wrong = String((Number(right) + turn + 1) % 1_000_000).padStart(6, '0');
      expect(codeOf(await guess(wrong))).toBe('onboarding.code-wrong');
    }
    expect(codeOf(await guess(right))).toBe('request.too-many');
  });
});

describe('P1: one’s own passkeys', () => {
  test('a stolen session adds, renames and removes nothing without the passkey behind it', () =>
    field.nobodyGains(async () => {
      const own = await agent.console.api('GET', '/api/self/passkeys');
      const [first] = OwnAuthenticators.parse(own.body).authenticators;
      const { authenticatorId } = first!;
      const acts: readonly OwnAct[] = [
        { kind: 'add', label: 'Mine now' },
        { kind: 'rename', authenticatorId, label: 'Mine now' },
      ];
      // Whoever holds token and key of the session, and a genuine passkey of their own.
      for (const act of acts) {
        const answer = await changeOwn(field.company, agent, { act, by: lead.passkeys });
        expect(codeOf(answer)).toBe('ceremony.refused');
      }
      const last = await changeOwn(field.company, agent, {
        act: { kind: 'remove', authenticatorId },
      });
      expect(codeOf(last)).toBe('authenticator.last');
      const cross = await changeOwn(field.company, lead, {
        act: { kind: 'remove', authenticatorId },
      });
      expect(codeOf(cross)).toBe('authenticator.unknown');
    }));

  test('an assertion that was made to sign in, or in another session, changes nothing', () =>
    field.nobodyGains(async () => {
      const path = '/api/self/passkeys';
      const act = { kind: 'add', label: 'Mine now' };
      const begun = await agent.console.api('POST', `${path}/acts`, { act });
      const { ceremonyId, publicKey } = CeremonyOptions.parse(begun.body);
      const credential = await agent.passkeys.assert({ options: publicKey, origin: staff() });
      const byLead = await lead.console.api('POST', `${path}/proof`, { ceremonyId, credential });
      expect(codeOf(byLead)).toBe('ceremony.expired');
      const asSignIn = { ...publicKey, challenge: 'A'.repeat(43) };
      const other = await agent.passkeys.assert({ options: asSignIn, origin: staff() });
      const answer = await agent.console.api('POST', `${path}/proof`, {
        ceremonyId,
        credential: other,
      });
      expect(codeOf(answer)).toBe('ceremony.refused');
    }));
});

describe('P1: a request to sign in elsewhere', () => {
  test('is allowed by its person’s own passkey over what they read, and opens nothing of ours', () =>
    field.nobodyGains(async () => {
      const terminal = await openTerminal(field.company, 'Terminal');
      const { subjectId } = await selfOf(agent);
      const first = await terminal.ask(subjectId, 'Code 1111');
      const { requestId } = await onlyRequest(agent);
      expect(codeOf(await beginAllowing(lead, requestId))).toBe('sign-in-request.unknown');
      // Whoever holds token and key of the session, and a genuine passkey of their own.
      const allowList = { allowCredentials: [] };
      const stolen = { by: lead, change: allowList, origin: staff() };
      expect(
        codeOf(await proveAllowing(agent, await beginAllowing(agent, requestId), stolen)),
      ).toBe('ceremony.refused');
      const other = { by: agent, change: { challenge: 'A'.repeat(43) }, origin: staff() };
      expect(codeOf(await proveAllowing(agent, await beginAllowing(agent, requestId), other))).toBe(
        'ceremony.refused',
      );
      const begun = await beginAllowing(agent, requestId);
      const own = { by: agent, origin: staff() };
      expect(codeOf(await proveAllowing(lead, begun, own))).toBe('ceremony.expired');
      // The words change between the reading and the touch: what was read is what is signed.
      const second = await terminal.ask(subjectId, 'Code 2222');
      expect(codeOf(await proveAllowing(agent, begun, own))).toBe('sign-in-request.unknown');
      expect(await terminal.fetch(first.auth_req_id)).toBe('expired_token');
      expect(await terminal.fetch(second.auth_req_id)).toBe('authorization_pending');
      const read = await onlyRequest(agent);
      expect(read.bindingMessage).toBe('Code 2222');
      const allowed = await proveAllowing(agent, await beginAllowing(agent, read.requestId), own);
      expect(allowed.status).toBe(204);
      const tokens = await terminal.fetch(second.auth_req_id);
      if (typeof tokens === 'string') throw new Error(tokens);
      for (const origin of [staff(), field.company.origins.gateway]) {
        const headers = { authorization: `DPoP ${tokens.access_token}` };
        const answer = await agent.device.ask(`${origin}/api/self`, { headers });
        expect([401, 404]).toContain(answer.status);
      }
    }));
});

describe('P1: break-glass opens data, never identity', () => {
  test('its token reads one record for one person, changes nothing, and ends with the access', async () => {
    const { company } = field;
    const [record = '', other = ''] = company.accountNumbers;
    const asker = await seatFounder(company, 'Greta Holm');
    const opener = await seatFounder(company, 'Ravi Menon');
    await field.nobodyGains(async () => {
      for (const { console } of [asker, opener]) {
        await console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
      }
      const access = await asker.console.api('POST', '/api/break-glass', {
        accountNumber: record,
        categories: ['contact'],
        reasonCode: 'exercise',
        note: 'An attack on the identity behind a record.',
        minutes: 5,
      });
      const { breakGlassId } = BreakGlass.parse(access.body);
      const one = `/api/break-glass/${breakGlassId}`;
      expect(codeOf(await asker.console.api('POST', `${one}/answer`, { answer: 'open' }))).toBe(
        'access.denied',
      );
      expect((await asker.console.exchangeEmergency(breakGlassId)).status).toBe(400);
      expect((await opener.console.api('POST', `${one}/answer`, { answer: 'open' })).status).toBe(
        200,
      );
      expect((await opener.console.exchangeEmergency(breakGlassId)).status).toBe(400);
      const given = await asker.console.exchangeEmergency(breakGlassId);
      const token = (given.body as { access_token: string }).access_token; // RFC 8693 §2.2.1
      const read = (path: string, of = asker) =>
        of.console.gateway(token, { method: 'GET', path: `/customers/${path}` });
      const shown = await read(record);
      expect(shown.status).toBe(200);
      expect(Object.keys(shown.body as object)).toEqual(expect.arrayContaining(['name', 'email']));
      expect(JSON.stringify(shown.body)).not.toMatch(/iban|cardToken|healthNotes|plan|notes/);
      expect(codeOf(await read(other))).toBe('access.denied');
      expect(codeOf(await read(`${record}/invoices`))).toBe('access.denied');
      expect(codeOf(await read(record, opener))).toBe('token.proof-invalid');
      const change = { method: 'PATCH', path: `/customers/${record}/delivery-preference` };
      const json = { deliveryPreference: 'post' };
      expect(codeOf(await asker.console.gateway(token, { ...change, json }))).toBe('access.denied');
      // At our own API it is no token at all.
      const url = `${staff()}/api/self/passkeys`;
      const dpop = await asker.console.key.prove({ method: 'GET', url, accessToken: token });
      const headers = { authorization: `DPoP ${token}`, dpop };
      const own = await send({ origin: staff(), path: '/api/self/passkeys', headers });
      expect(codeIn(own)).toBe('token.invalid');

      expect((await opener.console.api('POST', `${one}/end`)).status).toBe(200);
      expect(codeOf(await read(record))).toBe('access.denied');
      expect((await asker.console.exchangeEmergency(breakGlassId)).status).toBe(400);
    });
  });
});

describe('P1: the onboarding link', () => {
  test('is worth nothing on a second device', async () => {
    const { link } = await invite(hr, field.company.outsourcedDesk);
    expect((await field.openLink(createDevice(), link)).status).toBe(200);
    expect(codeOf(await field.openLink(createDevice(), link))).toBe('onboarding.link-dead');
  });

  test('cannot be opened by two devices that race for it', async () => {
    const { link } = await invite(hr, field.company.outsourcedDesk);
    const devices = Array.from({ length: 6 }, createDevice);
    const answers = await Promise.all(devices.map((device) => field.openLink(device, link)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('registers one passkey, once: the second registration of the same device is refused', async () => {
    const { device } = await hire(field.company, hr);
    await field.nobodyGains(async () => {
      const url = `${staff()}/api/onboarding/passkey/options`;
      const answer = await device.ask(url, { method: 'POST', origin: staff() });
      expect(codeOf(answer)).toBe('onboarding.link-dead');
    });
  });

  test('is dead after its time', async () => {
    const { link, invitation } = await invite(hr, field.company.outsourcedDesk);
    await sql`update workforce_invitations set expires_at = now() - interval '1 second'
      where invitation_id = ${invitation.invitationId}`.execute(
      field.company.server.composition.storage.db,
    );
    expect(codeOf(await field.openLink(createDevice(), link))).toBe('onboarding.link-dead');
  });

  test('dies when a newer one is given to the same person', async () => {
    const first = await invite(hr, field.company.outsourcedDesk);
    const wanted = {
      displayName: 'Corrected',
      desk: 'Head office',
      employeeNumber: first.employeeNumber,
    };
    expect((await hr.console.api('POST', '/api/onboarding/invitations', wanted)).status).toBe(201);
    expect(codeOf(await field.openLink(createDevice(), first.link))).toBe('onboarding.link-dead');
  });

  test('cannot be guessed, and its cookie cannot be made up', async () => {
    const device = createDevice();
    const json = { secret: 'A'.repeat(43) };
    const guessed = await device.ask(`${staff()}/api/onboarding/open`, { origin: staff(), json });
    expect(codeOf(guessed)).toBe('onboarding.link-dead');
    device.plantCookie(new URL(staff()).host, '__Host-onboarding', 'A'.repeat(43));
    const state = await device.ask(`${staff()}/api/onboarding/state`);
    expect(codeOf(state)).toBe('onboarding.link-dead');
  });
});

describe('P1: the wire', () => {
  test('verb tampering finds no other verb behind a route', () =>
    field.nobodyGains(async () => {
      const { subjectId } = await selfOf(agent);
      const paths = [`/api/people/${subjectId}`, '/api/self', '/api/onboarding/passkey'];
      for (const path of paths) {
        for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
          const answer = await callAs(asCaller('hr', hr), { origin: staff(), method, path });
          expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 404`);
        }
        for (const header of ['x-http-method-override', 'x-http-method', 'x-method-override']) {
          const answer = await send({
            origin: staff(),
            method: 'POST',
            path: `/api/people/${subjectId}?_method=DELETE`,
            headers: { origin: staff(), [header]: 'DELETE' },
          });
          expect(answer.status).toBe(404);
        }
      }
    }));

  test('no spelling of a path reaches a guarded route without its guard', async () => {
    const spellings = [
      '//api/self',
      '/api//self',
      '/api/./self',
      '/api/x/../self',
      '/api/%2e%2e/api/self',
      '/api/%73elf',
      '/api%2fself',
      '/API/SELF',
      '/api/self/',
      '/api/self%00',
      '/api/self;x=1',
      '/api\\self',
      '/healthz/../api/self',
      '/oidc/../api/self',
      '/oidc/%2e%2e/api/self',
    ];
    for (const path of spellings) {
      const answer = await send({ origin: staff(), path });
      const isRefused = answer.status >= 400 || answer.text.startsWith('<!doctype html');
      expect(isRefused || /<html/i.test(answer.text), `${path}: ${answer.text.slice(0, 80)}`).toBe(
        true,
      );
      expect(answer.text).not.toContain('subjectId');
    }
  });

  test('the customers’ realm serves nothing of the staff’s, and the other way round', async () => {
    const { accessToken, key } = { accessToken: hr.console.accessToken, key: hr.console.key };
    const crossed: readonly (readonly [string, string])[] = [
      [customers(), '/api/self'],
      [customers(), '/api/people'],
      [customers(), '/api/onboarding/invitations'],
      [staff(), '/api/customer/self'],
      [staff(), '/api/customer/page'],
    ];
    for (const [origin, path] of crossed) {
      const url = `${origin}${path}`;
      const dpop = await key.prove({ method: 'GET', url, accessToken });
      const headers = { authorization: `DPoP ${accessToken}`, dpop };
      expect(codeIn(await send({ origin, path, headers }))).toBe('route.unknown');
    }
    // Each has an issuer of its own, to which the other's tokens are nobody's.
    const url = `${customers()}/oidc/me`;
    const dpop = await key.prove({ method: 'GET', url, accessToken });
    const headers = { authorization: `DPoP ${accessToken}`, dpop };
    const refused = await send({ origin: customers(), path: '/oidc/me', headers });
    expect(refused).toMatchObject({ status: 401 });
    expect(refused.text).toContain('"invalid_token"');
  });

  test('extra members in a real request are refused and change nothing', async () => {
    const wanted = { displayName: 'Mass Assigned', desk: 'Head office', employeeNumber: 'MA-1' };
    const smuggled: readonly Record<string, unknown>[] = [
      { role: 'security-admin' },
      { state: 'active' },
      { foundingRole: 'security-admin' },
      { subjectId: 'stf_00000000000000000000000000' },
      { invitedBy: null },
      { authenticator: { publicKey: 'x' } },
      { constructor: { prototype: {} } },
    ];
    for (const extra of smuggled) {
      const body = { ...wanted, ...extra };
      const answer = await hr.console.api('POST', '/api/onboarding/invitations', body);
      expect(codeOf(answer)).toBe('request.malformed');
    }
  });
});
