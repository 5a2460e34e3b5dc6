import { createSoftwareAuthenticator } from '@proofline/assurance/testing';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevice, type Device } from '../../demo/actors/device.ts';
import { seat, seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, selfOf } from '../../demo/story/stage.ts';
import {
  asCaller,
  callAs,
  enrolWithDevice,
  hire,
  invite,
  optionsAt,
  type CustomerAtHome,
} from './callers.ts';
import { startSignIn as startSignInAt } from './authorization.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { codeIn, send } from './send.ts';
import { countAuthenticators } from './victims.ts';

let field: Battlefield;
let hr: Colleague;
let lead: Colleague;
let agent: Colleague;
let victim: CustomerAtHome;

beforeAll(async () => {
  field = await openCompany();
  const { company } = field;
  hr = await seatFounder(company, 'Ines Okafor');
  lead = await seatFounder(company, 'Tom Lindqvist');
  agent = await seatFounder(company, 'Ana Ruiz');
  victim = await enrolWithDevice(company, company.accountNumbers[0] ?? '');
});
afterAll(() => field.close());

const staff = () => field.company.origins.staff;
const customers = () => field.company.origins.customers;

/** Whether nobody got an authenticator by what is done here. */
async function nobodyGains(attack: () => Promise<void>): Promise<void> {
  const before = await countAuthenticators(field.company);
  await attack();
  expect(await countAuthenticators(field.company)).toBe(before);
}

const openLink = (device: Device, link: string) =>
  device.ask(`${staff()}/api/onboarding/open`, {
    origin: staff(),
    json: { secret: new URL(link).hash.slice(1) },
  });

const startSignIn = (device: Device, extra: Record<string, string> = {}) =>
  startSignInAt(device, staff(), extra);

async function signInWith(
  device: Device,
  uid: string,
  passkeys: Colleague['passkeys'],
  lies: Parameters<Colleague['passkeys']['assert']>[0]['misbehave'] = {},
) {
  const base = `${staff()}/api/sign-in/${uid}`;
  const { ceremonyId, publicKey } = await optionsAt(device, `${base}/options`);
  // Somebody else's key answers all the same: a hostile client does not read allowCredentials.
  const options = { ...publicKey, allowCredentials: [] };
  const credential = await passkeys.assert({ options, origin: staff(), misbehave: lies });
  return device.ask(`${base}/assertion`, { origin: staff(), json: { ceremonyId, credential } });
}

describe('P1: inviting and confirming', () => {
  test('HR cannot invite anew somebody who has an authenticator', () =>
    nobodyGains(async () => {
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
    nobodyGains(async () => {
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

describe('P1: the onboarding link', () => {
  test('is worth nothing on a second device', async () => {
    const { link } = await invite(hr, field.company.outsourcedDesk);
    expect((await openLink(createDevice(), link)).status).toBe(200);
    expect(codeOf(await openLink(createDevice(), link))).toBe('onboarding.link-dead');
  });

  test('cannot be opened by two devices that race for it', async () => {
    const { link } = await invite(hr, field.company.outsourcedDesk);
    const devices = Array.from({ length: 6 }, createDevice);
    const answers = await Promise.all(devices.map((device) => openLink(device, link)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('registers one passkey, once: the second registration of the same device is refused', async () => {
    const { device } = await hire(field.company, hr);
    await nobodyGains(async () => {
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
    expect(codeOf(await openLink(createDevice(), link))).toBe('onboarding.link-dead');
  });

  test('dies when a newer one is given to the same person', async () => {
    const first = await invite(hr, field.company.outsourcedDesk);
    const wanted = {
      displayName: 'Corrected',
      desk: 'Head office',
      employeeNumber: first.employeeNumber,
    };
    expect((await hr.console.api('POST', '/api/onboarding/invitations', wanted)).status).toBe(201);
    expect(codeOf(await openLink(createDevice(), first.link))).toBe('onboarding.link-dead');
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

describe('P1: ceremonies', () => {
  test('an authenticator cannot be registered with another person’s ceremony', async () => {
    const { company } = field;
    const opened = await Promise.all(
      [1, 2].map(async () => {
        const { link } = await invite(hr, company.outsourcedDesk);
        const colleague = await seat(company, 'x', 'device-bound');
        await openLink(colleague.device, link);
        const options = await optionsAt(
          colleague.device,
          `${staff()}/api/onboarding/passkey/options`,
        );
        return { ...colleague, options };
      }),
    );
    const [one, two] = opened;
    if (one === undefined || two === undefined) throw new Error('two colleagues');
    await nobodyGains(async () => {
      const credential = await one.passkeys.register({
        options: two.options.publicKey,
        origin: staff(),
      });
      for (const ceremonyId of [one.options.ceremonyId, two.options.ceremonyId]) {
        const answer = await one.device.ask(`${staff()}/api/onboarding/passkey`, {
          origin: staff(),
          json: { ceremonyId, credential },
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    });
  });

  test('a registration without user verification, or of another origin or RP, is not taken', async () => {
    const { link } = await invite(hr, field.company.outsourcedDesk);
    const { device, passkeys } = await seat(field.company, 'x', 'device-bound');
    await openLink(device, link);
    const lies = [
      { userVerified: false },
      { userPresent: false },
      { origin: customers() },
      { rpId: 'customers.localhost' },
      { crossOrigin: true },
      { type: 'webauthn.get' },
    ];
    await nobodyGains(async () => {
      for (const misbehave of lies) {
        const { ceremonyId, publicKey } = await optionsAt(
          device,
          `${staff()}/api/onboarding/passkey/options`,
        );
        const request = { options: publicKey, origin: staff(), misbehave };
        const credential = await passkeys.register(request);
        const answer = await device.ask(`${staff()}/api/onboarding/passkey`, {
          origin: staff(),
          json: { ceremonyId, credential },
        });
        expect(`${JSON.stringify(misbehave)} ${codeOf(answer)}`).toContain('ceremony.');
      }
    });
  });

  test('a signed-in customer cannot register a second passkey for themselves or for others', () =>
    nobodyGains(async () => {
      await victim.phone.signIn();
      for (const step of ['options', 'passkey']) {
        const answer = await victim.device.ask(`${customers()}/api/customer/enrolment/${step}`, {
          method: 'POST',
          origin: customers(),
          ...(step === 'options' ? {} : { json: {} }),
        });
        expect(answer.status).toBeGreaterThanOrEqual(400);
      }
    }));

  test('a customer’s passkey signs nobody in at the desk, nor a colleague’s as a customer', async () => {
    const device = createDevice();
    const uid = await startSignIn(device);
    const answer = await signInWith(device, uid, victim.passkeys, { origin: staff() }).catch(
      () => undefined,
    );
    expect(answer === undefined || answer.status >= 400).toBe(true);
    const url = `${customers()}/api/customer/sign-in`;
    const { ceremonyId, publicKey } = await optionsAt(device, `${url}/options`);
    const [held] = agent.passkeys.credentials;
    const credential = await agent.passkeys.assert({
      options: { ...publicKey, allowCredentials: [], rpId: held?.rpId ?? '' },
      origin: staff(),
      misbehave: { origin: customers(), rpId: 'customers.localhost' },
    });
    const crossed = await device.ask(url, {
      origin: customers(),
      json: { ceremonyId, credential },
    });
    expect(codeOf(crossed)).toBe('ceremony.refused');
    expect(device.cookiesOf(new URL(customers()).host).has('__Host-customer')).toBe(false);
  });

  test('a step-up cannot be answered by a colleague’s passkey', async () => {
    const before = await selfOf(agent);
    const uid = await startSignIn(agent.device, { acr_values: 'phr', max_age: '0' });
    const answer = await signInWith(agent.device, uid, lead.passkeys);
    expect(codeOf(answer)).toBe('ceremony.refused');
    expect((await selfOf(agent)).assurance).toEqual(before.assurance);
  });

  test('a sign-in that an attacker began cannot be finished from the victim’s browser, nor the other way round', async () => {
    const attacker = createDevice();
    const uid = await startSignIn(attacker);
    const answer = await agent.device.ask(`${staff()}/api/sign-in/${uid}/options`, {
      method: 'POST',
      origin: staff(),
    });
    expect(codeOf(answer)).toBe('signin.unknown');
    const own = await startSignIn(agent.device, { prompt: 'login' });
    const taken = await attacker.ask(`${staff()}/api/sign-in/${own}/options`, {
      method: 'POST',
      origin: staff(),
    });
    expect(codeOf(taken)).toBe('signin.unknown');
  });

  test('a session cookie that an attacker planted does not become the victim’s session', async () => {
    const host = new URL(staff()).host;
    const attacker = createDevice();
    await startSignIn(attacker);
    const planted = new Map(attacker.cookiesOf(host));
    const { device, console, passkeys } = await seat(field.company, 'x', 'device-bound');
    for (const [name, value] of planted) device.plantCookie(host, name, value);
    const uid = await startSignIn(device);
    const answer = await signInWith(device, uid, lead.passkeys);
    expect(answer.status).toBe(200);
    const { redirectTo } = answer.body as { redirectTo: string }; // the contract's form
    await device.ask(new URL(redirectTo, staff()).href);
    // The attacker still holds the cookies from before, and is still nobody.
    await expect(startSignIn(attacker)).resolves.toMatch(/^[\w-]+$/);
    expect([console.accessToken, passkeys.credentials.length]).toEqual(['', 0]);
    const session = device.cookiesOf(host).get('oidc_session');
    expect(session).toBeDefined();
    expect([...planted.values()]).not.toContain(session);
  });

  test('an assertion is good for one sign-in: replayed in another, it is refused', async () => {
    const device = createDevice();
    const first = await startSignIn(device);
    const base = `${staff()}/api/sign-in/${first}`;
    const { ceremonyId, publicKey } = await optionsAt(device, `${base}/options`);
    const credential = await lead.passkeys.assert({ options: publicKey, origin: staff() });
    const other = createDevice();
    const second = await startSignIn(other);
    const replayed = await other.ask(`${staff()}/api/sign-in/${second}/assertion`, {
      origin: staff(),
      json: { ceremonyId, credential },
    });
    expect(codeOf(replayed)).toMatch(/^ceremony\./);
    const fresh = await optionsAt(other, `${staff()}/api/sign-in/${second}/options`);
    const mixed = await other.ask(`${staff()}/api/sign-in/${second}/assertion`, {
      origin: staff(),
      json: { ceremonyId: fresh.ceremonyId, credential },
    });
    expect(codeOf(mixed)).toMatch(/^ceremony\./);
  });

  test('a passkey that was cloned is refused once the original was used again', async () => {
    const colleague = await seatFounder(field.company, 'Dmitri Sokolov');
    const stolen = colleague.passkeys.clone();
    await colleague.console.signIn({ maxAgeSeconds: 0 });
    const device = createDevice();
    const answer = await signInWith(device, await startSignIn(device), stolen);
    expect(codeOf(answer)).toBe('ceremony.refused');
  });
});

describe('P1: the wire', () => {
  test('verb tampering finds no other verb behind a route', () =>
    nobodyGains(async () => {
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
      [customers(), '/oidc/.well-known/openid-configuration'],
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

/** Kept for readers: a synced passkey that nobody has registered opens nothing. */
test('P1: a passkey that was never registered signs nobody in', async () => {
  const stranger = createSoftwareAuthenticator({ kind: 'synced' });
  const device = createDevice();
  const uid = await startSignIn(device);
  const { publicKey } = await optionsAt(device, `${staff()}/api/sign-in/${uid}/options`);
  const user = { id: 'c3RyYW5nZXI', name: 'x', displayName: 'x' };
  const registration = {
    rp: { id: 'staff.localhost', name: 'x' },
    user,
    challenge: publicKey['challenge'],
    pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
    attestation: 'none',
  };
  await stranger.register({ options: registration, origin: staff() });
  const answer = await signInWith(device, uid, stranger);
  expect(codeOf(answer)).toBe('ceremony.refused');
});
