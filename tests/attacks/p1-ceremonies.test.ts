import { createSoftwareAuthenticator, type AssertionRequest } from '@proofline/assurance/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDevice, type Device } from '../../demo/actors/device.ts';
import { seat, seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { codeOf, selfOf } from '../../demo/story/stage.ts';
import { invite, optionsAt, type CustomerAtHome } from './callers.ts';
import { startSignIn as startSignInAt } from './authorization.ts';
import { openIdentities, type Identities } from './open-identities.ts';

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

const startSignIn = (device: Device, extra: Record<string, string> = {}) =>
  startSignInAt(device, staff(), extra);

interface SignIn {
  readonly uid: string;
  readonly passkeys: Colleague['passkeys'];
  readonly misbehave?: AssertionRequest['misbehave'];
}

async function signInWith(device: Device, { uid, passkeys, misbehave = {} }: SignIn) {
  const base = `${staff()}/api/sign-in/${uid}`;
  const { ceremonyId, publicKey } = await optionsAt(device, `${base}/options`);
  // Somebody else's key answers all the same: a hostile client does not read allowCredentials.
  const options = { ...publicKey, allowCredentials: [] };
  const credential = await passkeys.assert({ options, origin: staff(), misbehave });
  return device.ask(`${base}/assertion`, { origin: staff(), json: { ceremonyId, credential } });
}

describe('P1: ceremonies', () => {
  test('an authenticator cannot be registered with another person’s ceremony', async () => {
    const { company } = field;
    const opened = await Promise.all(
      [1, 2].map(async () => {
        const { link } = await invite(hr, company.outsourcedDesk);
        const colleague = await seat(company, 'x', 'device-bound');
        await field.openLink(colleague.device, link);
        const options = await optionsAt(
          colleague.device,
          `${staff()}/api/onboarding/passkey/options`,
        );
        return { ...colleague, options };
      }),
    );
    const [one, two] = opened;
    if (one === undefined || two === undefined) throw new Error('two colleagues');
    await field.nobodyGains(async () => {
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
    await field.openLink(device, link);
    const lies = [
      { userVerified: false },
      { userPresent: false },
      { origin: customers() },
      { rpId: 'customers.localhost' },
      { crossOrigin: true },
      { type: 'webauthn.get' },
    ];
    await field.nobodyGains(async () => {
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
    field.nobodyGains(async () => {
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
    const answer = await signInWith(device, {
      uid,
      passkeys: victim.passkeys,
      misbehave: { origin: staff() },
    }).catch(() => undefined);
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
    const answer = await signInWith(agent.device, { uid, passkeys: lead.passkeys });
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

  test('a sign-in that an attacker planted from a sibling subdomain is not the victim’s to finish', async () => {
    const host = new URL(staff()).host;
    const attacker = createDevice();
    const uid = await startSignIn(attacker);
    const held = [...attacker.cookiesOf(host)];
    const own = `__Host-signin-${uid}`;
    const proof = attacker.cookiesOf(host).get(own) ?? '';
    expect(proof).toMatch(/^[\w-]{43}$/);
    const steps = [
      ['GET', ''],
      ['POST', '/options'],
      ['POST', '/cancel'],
    ] as const;
    const answerWith = async (...planted: readonly (readonly [string, string])[]) => {
      const victimDevice = createDevice();
      for (const [name, value] of [...held.filter(([known]) => known !== own), ...planted]) {
        victimDevice.plantCookie(host, name, value);
      }
      const codes: string[] = [];
      for (const [method, step] of steps) {
        const url = `${staff()}/api/sign-in/${uid}${step}`;
        codes.push(codeOf(await victimDevice.ask(url, { method, origin: staff() })));
      }
      return codes;
    };
    const refused = steps.map(() => 'signin.unknown');
    expect(await answerWith()).toEqual(refused);
    // Names that a browser lets any subdomain set, and a value that is another page’s.
    expect(await answerWith([`\u00a0${own}`, proof])).toEqual(refused);
    expect(await answerWith([own.toLowerCase(), proof])).toEqual(refused);
    const other = await startSignIn(attacker);
    const foreign = attacker.cookiesOf(host).get(`__Host-signin-${other}`) ?? '';
    expect(await answerWith([own, foreign])).toEqual(refused);
    // The cookie is all that was missing.
    expect(await answerWith([own, proof])).toEqual(['200', '200', '200']);
  });

  test('a session cookie that an attacker planted does not become the victim’s session', async () => {
    const host = new URL(staff()).host;
    const attacker = createDevice();
    await startSignIn(attacker);
    const planted = new Map(attacker.cookiesOf(host));
    const { device, console, passkeys } = await seat(field.company, 'x', 'device-bound');
    for (const [name, value] of planted) device.plantCookie(host, name, value);
    const uid = await startSignIn(device);
    const answer = await signInWith(device, { uid, passkeys: lead.passkeys });
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
    const answer = await signInWith(device, { uid: await startSignIn(device), passkeys: stolen });
    expect(codeOf(answer)).toBe('ceremony.refused');
  });
});

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
  const answer = await signInWith(device, { uid, passkeys: stranger });
  expect(codeOf(answer)).toBe('ceremony.refused');
});
