import { limits, newId, systemClock, systemRandom, type IdPrefix } from '@proofline/kernel';
import { createScimUser, routes, serviceRoles, type Route } from '@proofline/protocol';
import { sql } from 'kysely';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { crmOpenApi } from '../../demo/crm/openapi.ts';
import { seatFounder } from '../../demo/story/cast.ts';
import { askForProof, panel, ring, selfOf } from '../../demo/story/stage.ts';
import { createDevice } from '../../demo/actors/device.ts';
import {
  asCaller,
  callAs,
  enrolWithDevice,
  hire,
  invite,
  serviceCaller,
  type Caller,
} from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { sampleInput, sampleQuery, type Targets } from '../../demo/actors/sample-input.ts';
import { send, type RawAnswer } from './send.ts';
import { issuers, portal, tokenRequests } from './token-requests.ts';
import { beyondDuty, countAuthenticators, snapshot, type Victims } from './victims.ts';

let field: Battlefield;
let victims: Victims;
let targets: Targets;
/** What only the victims hold: cookies, tokens, the code on a screen, links. */
let secrets: readonly string[];
const callers = new Map<string, Caller>();

/** Who attacks. The security administrator may end sessions: nothing is given to anybody by that. */
const names = [
  'billing-agent',
  'support-agent',
  'team-lead',
  'supervisor',
  'hr-officer',
  'auditor',
  'telephony',
  'gateway',
  'account-opening',
  'pipeline',
  'customer',
  'unconfirmed colleague',
  'nobody',
  'security-admin',
  'provisioning',
] as const;

let portalId: string;

const founderOf = {
  'billing-agent': 'Ana Ruiz',
  'support-agent': 'Clara Weiss',
  'team-lead': 'Tom Lindqvist',
  supervisor: 'Sol Marchetti',
  'hr-officer': 'Ines Okafor',
  'security-admin': 'Ravi Menon',
  auditor: 'Ulla Petersen',
} as const;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  for (const [role, name] of Object.entries(founderOf)) {
    const colleague = await seatFounder(company, name);
    callers.set(role, asCaller(role, colleague));
    if (role !== 'hr-officer') continue;
    const newcomer = await hire(company, colleague);
    callers.set('unconfirmed colleague', {
      name: 'unconfirmed colleague',
      device: newcomer.device,
    });
    const pending = await hire(company, colleague);
    const waiting = await invite(colleague, company.outsourcedDesk);
    secrets = [
      pending.state.confirmationCode ?? '',
      new URL(pending.link).hash.slice(1),
      new URL(waiting.link).hash.slice(1),
      ...pending.device.cookiesOf(new URL(company.origins.staff).host).values(),
    ];
    targets = { inv: pending.invitation.invitationId, displayName: pending.name };
  }
  for (const role of serviceRoles) {
    callers.set(role, await serviceCaller(company, role));
  }
  callers.set('nobody', { name: 'nobody', device: createDevice() });
  await seatVictims(stage);
  const mallory = await enrolWithDevice(company, company.accountNumbers[1] ?? '');
  await mallory.phone.signIn();
  callers.set('customer', { name: 'customer', device: mallory.device });
  [portalId = ''] = await company.server.composition.sessions.importApplications([portal]);
});
afterAll(() => field.close());

/** Kinds of things that the victims have none of. */
const unknownThings = [
  ...(['app', 'cas', 'dec', 'evt', 'apr', 'grt', 'prf'] as const),
  ...(['pcd', 'rpl', 'stg', 'swt', 'arq', 'svc', 'bgl', 'sir', 'ers', 'hld'] as const),
];

async function seatVictims(stage: Battlefield['stage']): Promise<void> {
  const { company } = field;
  const bayo = await seatFounder(company, 'Bayo Adeyemi');
  const self = await selfOf(bayo);
  const customer = await enrolWithDevice(company, company.accountNumbers[0] ?? '');
  await customer.phone.signIn();
  const { accountNumber } = customer;
  const interactionId = await ring(stage, bayo);
  const { request } = await askForProof(stage, bayo, { interactionId, accountNumber });
  const { caseId = '' } = await panel(bayo, interactionId);
  const hosts = [company.origins.staff, company.origins.customers].map((one) => new URL(one).host);
  secrets = [
    ...secrets,
    bayo.console.accessToken,
    ...hosts.flatMap((host) => [...bayo.device.cookiesOf(host).values()]),
    ...hosts.flatMap((host) => [...customer.device.cookiesOf(host).values()]),
  ].filter((secret) => secret !== '');
  const { composition } = company.server;
  const found = await composition.customers.findByAccountNumber(
    composition.storage.db,
    accountNumber,
  );
  const unknown = (prefix: IdPrefix) => newId(prefix, { clock: systemClock, random: systemRandom });
  targets = {
    ...targets,
    stf: self.subjectId,
    ses: self.sessionId,
    int: interactionId,
    cse: caseId,
    cus: found?.customerId ?? '',
    prq: request.proofRequestId,
    ...Object.fromEntries(unknownThings.map((one) => [one, unknown(one)])),
    id: self.subjectId,
    accountNumber,
    employeeNumber: 'CV-2004',
    secret: secrets[1] ?? '',
  };
  const owned = await sql<{ authenticator_id: string }>`
    select authenticator_id from workforce_authenticators
    where subject_id = ${self.subjectId}`.execute(composition.storage.db);
  targets = { ...targets, ath: owned.rows[0]?.authenticator_id ?? '' };
  const { rows } = await sql<{ subject_id: string }>`
    select subject_id from workforce_invitations where invitation_id = ${targets['inv']}`.execute(
    composition.storage.db,
  );
  const staff = [self.subjectId, rows[0]?.subject_id ?? ''];
  victims = { staff, customers: [targets['cus'] ?? ''] };
}

/** Members of an answer that would be somebody's key to something. */
const keyMember =
  /"(link|secret|token|access_token|id_token|refresh_token|cookie|password|confirmationCode|matchingNumber)":/;

function leakIn({ name, device }: Caller, answer: RawAnswer): string | undefined {
  const everything = `${JSON.stringify(answer.headers)}${answer.text}`;
  const own = name === 'unconfirmed colleague' && answer.text.includes('"confirmationCode"');
  const member = own ? undefined : keyMember.exec(answer.text)?.[0];
  const given = secrets.find((secret) => everything.includes(secret));
  const cookie = (answer.headers['set-cookie'] ?? []).find(
    (line) =>
      /^(__Host-(customer|onboarding|enrolment|oidc_bound)|oidc_session)=[^;]/.test(line) &&
      // The issuer renews the cookie of whoever is signed in themselves.
      !issuers.some((realm) =>
        device.cookiesOf(new URL(field.company.origins[realm]).host).has(line.split('=')[0] ?? ''),
      ),
  );
  return member ?? (given && 'a victim’s secret') ?? cookie?.split('=')[0];
}

function aimAt(route: Route) {
  const params = route.params === undefined ? {} : sampleInput(route.params, targets);
  const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    // A path's parameters are texts.
    String((params as Record<string, unknown>)[name]),
  );
  const query = route.query === undefined ? '' : sampleQuery(route.query, targets);
  const origin =
    route.realm === 'workforce' ? field.company.origins.staff : field.company.origins.customers;
  return {
    origin,
    method: route.method,
    path: `${path}${query}`,
    ...(route.body === undefined ? {} : { json: sampleInput(route.body, targets) }),
    ...(route.reply === 'events' ? { readForMs: 150 } : {}),
  };
}

// A caller who ends or locks their own session would attack nobody any more.
const attackable = routes.filter(({ id }) => !/^(self|customer)\.(sign-out|lock)$/.test(id));

/** Runs an attack; afterwards the victims must be who they were. */
async function expectUnharmed(name: string, attack: (caller: Caller) => Promise<string[]>) {
  const before = await snapshot(field.company, victims);
  const count = await countAuthenticators(field.company);
  const leaks = await attack(callers.get(name)!);
  const after = await snapshot(field.company, victims);
  expect(leaks).toEqual([]);
  expect(await countAuthenticators(field.company)).toBe(count);
  expect(beyondDuty(name, after)).toEqual(beyondDuty(name, before));
}

describe('P1: no route gives anybody another subject’s credential, session or assurance', () => {
  test.each(names)('%s: every route of the contract, aimed at a victim', async (name) => {
    await expectUnharmed(name, async (caller) => {
      const leaks: string[] = [];
      // A directory that knows the victim’s employee number: from here on they are its to change.
      if (name === 'provisioning')
        expect(await callAs(caller, aimAt(createScimUser))).toMatchObject({ status: 201 });
      for (const route of attackable) {
        const answer = await callAs(caller, aimAt(route));
        // What is refused for its form alone was no attack.
        const malformed = answer.status === 400 && answer.text.includes('In the ');
        expect(malformed, `${route.id}: ${answer.text}`).toBe(false);
        const leak = leakIn(caller, answer);
        if (leak !== undefined) leaks.push(`${route.id}: ${leak}`);
      }
      return leaks;
    });
  });

  test.each(names.flatMap((name) => issuers.map((realm) => [name, realm] as const)))(
    '%s: every endpoint of the issuer of %s, with every grant type',
    async (name, realm) => {
      const origin = field.company.origins[realm];
      const found = await send({ origin, path: '/oidc/.well-known/openid-configuration' });
      const endpoints = Object.entries(JSON.parse(found.text) as Record<string, unknown>)
        .filter(([member]) => /_endpoint$|^jwks_uri$/.test(member))
        .map(([, url]) => new URL(String(url)).pathname);
      expect(endpoints.length).toBeGreaterThanOrEqual(4);
      await expectUnharmed(name, async (caller) => {
        const leaks: string[] = [];
        const held = await caller.credentials?.();
        for (const path of new Set([...endpoints, '/oidc/dbsc/refresh'])) {
          const forms = tokenRequests(realm, {
            clientId: realm === 'staff' ? 'console' : portalId,
            origins: field.company.origins,
            targets,
            token: held?.accessToken ?? secrets.at(-1) ?? '',
          });
          for (const form of [undefined, ...forms]) {
            const method = form === undefined ? 'GET' : 'POST';
            const aim = { origin, path, method, ...(form === undefined ? {} : { form }) };
            const answer = await callAs(caller, aim);
            const leak = leakIn(caller, answer);
            if (leak !== undefined) leaks.push(`${path} ${form?.['grant_type'] ?? ''}: ${leak}`);
          }
        }
        return leaks;
      });
    },
  );

  test.each(names)('%s: every route of the guarded system, at the gateway', async (name) => {
    const { gateway, staff: from } = field.company.origins;
    await expectUnharmed(name, async (caller) => {
      const leaks: string[] = [];
      for (const [path, item] of Object.entries(crmOpenApi.paths)) {
        for (const method of ['get', 'post', 'put', 'patch', 'delete']) {
          const aimed = path.replace('{accountNumber}', targets['accountNumber'] ?? '');
          const json = method in item && method !== 'get' ? {} : undefined;
          const aim = { origin: gateway, from, path: aimed, method };
          const answer = await callAs(caller, { ...aim, ...(json && { json }) });
          expect(answer.text).not.toContain('request.cross-origin');
          if (answer.status < 400) leaks.push(`${method} ${path}: ${answer.status}`);
        }
      }
      return leaks;
    });
  });
});

describe('P1: what one does to one’s own passkeys, aimed at somebody else’s', () => {
  test.each(names)('%s: every kind of change', async (name) => {
    await expectUnharmed(name, async (caller) => {
      const authenticatorId = targets['ath'];
      const acts = [
        { kind: 'remove', authenticatorId },
        { kind: 'rename', authenticatorId, label: 'Mine now' },
      ];
      const told: string[] = [];
      for (const act of acts) {
        const { staff: origin } = field.company.origins;
        const aim = { origin, method: 'post', path: '/api/self/passkeys/acts', json: { act } };
        const answer = await callAs(caller, aim);
        if (!/"code":"(authenticator.unknown|token\.\w+)"/.test(answer.text))
          told.push(answer.text);
      }
      return told;
    });
  });
});

describe('P1: the contract itself', () => {
  test('has no verb that adds, replaces, resets or removes an authenticator of somebody else', () => {
    const own = new Set([
      'onboarding.options',
      'onboarding.passkey',
      'enrolments.options',
      'enrolments.passkey',
      // The way back into one’s own account: `p1-recovery.test.ts` attacks each of them.
      ...'start code options passkey cancel-by-link cancel-own choose-contacts seal-code begin prove invitation vouch-options vouch'
        .split(' ')
        .flatMap((verb) => [`recovery.${verb}`, `customer.recovery.${verb}`]),
      // These take no person: whoever calls is who is changed. The test below holds them to it.
      'self.passkeys.begin',
      'self.passkeys.prove',
      'self.passkeys.register',
      'customer.passkeys.begin',
      'customer.passkeys.prove',
      'customer.passkeys.register',
    ]);
    const suspicious = routes.filter(
      ({ id, method, path, summary }) =>
        method !== 'get' &&
        !own.has(id) &&
        /passkey|authenticator|credential|password|recover|reset|bypass|impersonat|unlock/i.test(
          `${id} ${path} ${summary}`,
        ),
    );
    expect(
      suspicious
        .filter(({ id }) => !/^(enrolments\.invite|onboarding\.invite)$/.test(id))
        .map(({ id, caller }) => `${id} (${caller})`)
        .filter((line) => !/sign-in|proof-/.test(line)),
    ).toEqual([]);
    const verbs = routes.filter(({ method }) => method === 'delete' || method === 'put');
    // SCIM’s own, of what a directory says of people (RFC 7644 §3.2). Nothing else has such a verb.
    expect(verbs.map(({ id, method }) => `${method} ${id}`).toSorted()).toEqual([
      'delete scim.remove-group',
      'delete scim.remove-user',
      'put scim.replace-group',
      'put scim.replace-user',
    ]);
    expect(routes.length).toBeGreaterThan(40);
    expect(limits.requestBodyMaxBytes).toBeLessThanOrEqual(64 * 1024);
  });

  test('a route about one’s own passkeys names no person, and has a session’s owner as its caller', () => {
    const ownRoutes = routes.filter(({ id }) => id.includes('.passkeys'));
    expect(ownRoutes.length).toBeGreaterThanOrEqual(4);
    for (const { id, caller, params, path, query, body } of ownRoutes) {
      expect(`${id} ${caller} ${path}`).toMatch(
        /^(self\S+ staff \/api\/self|customer\S+ customer \/api\/customer)\/passkeys/,
      );
      expect([id, params, query, path.includes('{')]).toEqual([id, undefined, undefined, false]);
      if (body === undefined) continue;
      const schema = JSON.stringify(z.toJSONSchema(body, { io: 'input' }));
      expect(schema).not.toMatch(/\^(stf|cus|ses|inv)_|subject|customer|owner/i);
    }
  });

  test('takes no member that it does not name: role, subject, state or authenticator slipped in', () => {
    const smuggled = {
      role: 'security-admin',
      roles: ['security-admin'],
      subjectId: targets['stf'],
      customerId: targets['cus'],
      state: 'active',
      acr: 'phrh',
      authenticator: {},
      isAdmin: true,
    };
    for (const { id, body } of routes) {
      if (body === undefined) continue;
      const honest = sampleInput(body, targets) as Record<string, unknown>; // a body is an object
      for (const [name, value] of Object.entries(smuggled)) {
        if (name in honest) continue;
        const parsed = body.safeParse({ ...honest, [name]: value });
        // The record inside an approval's content is looked at by people, not by code.
        const kept = parsed.success && name in (parsed.data as object);
        expect(kept, `${id} keeps ${name}`).toBe(false);
      }
    }
  });
});
