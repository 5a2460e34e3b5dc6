import { newId, systemClock, systemRandom, type IdPrefix } from '@proofline/kernel';
import { roles, routes, serviceRoles, type Role, type ServiceRole } from '@proofline/protocol';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { ring, selfOf } from '../../demo/story/stage.ts';
import { createDevice } from '../../demo/actors/device.ts';
import { asCaller, callAs, serviceCaller, type Caller } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { sampleInput, sampleQuery, type Targets } from '../../demo/actors/sample-input.ts';
import { codeIn, send } from './send.ts';

type Endpoints = Readonly<Record<string, unknown>>;
/** What an OAuth endpoint calls its refusal (RFC 6749 §5.2). */
const errorIn = ({ text }: { readonly text: string }) => /"error":"(\w+)"/.exec(text)?.[1];

let field: Battlefield;
let targets: Targets;
const seated = new Map<Role, Colleague>();
const callers = new Map<string, Caller>();

const founderOf: Readonly<Record<Role, string>> = {
  'billing-agent': 'Ana Ruiz',
  'support-agent': 'Clara Weiss',
  'senior-agent': 'Idris Bello',
  'technical-agent': 'Jana Novotna',
  'fraud-reviewer': 'Kai Tanaka',
  'team-lead': 'Femi Balogun',
  supervisor: 'Greta Holm',
  analyst: 'Lea Brandt',
  'hr-officer': 'Ines Okafor',
  'security-admin': 'Ravi Menon',
  auditor: 'Ulla Petersen',
};

const readsPolicies = [
  'policies.releases',
  'policies.set',
  'policies.diff',
  'policies.decisions',
  'policies.differences',
  'policies.replays',
  'policies.stage',
  'policies.unused',
  'policies.hardware',
];

const keepsEvidence = ['evidence.retention', 'erasures.forecast', 'holds.place'];
const asksForBreakGlass = ['break-glass.request', 'break-glass.list'];

/** All that a role may do on a colleague's call at another desk. Everything else must be denied. */
const may: Readonly<Record<Role | ServiceRole, readonly string[]>> = {
  'billing-agent': ['interactions.list', 'cases.list', 'approvals.list'],
  'support-agent': ['interactions.list', 'cases.list', 'approvals.list'],
  'senior-agent': ['interactions.list', 'cases.list', 'approvals.list', ...asksForBreakGlass],
  'technical-agent': ['interactions.list', 'cases.list', 'approvals.list'],
  'fraud-reviewer': ['interactions.list', 'cases.list', 'approvals.list', ...asksForBreakGlass],
  analyst: ['cases.list'],
  'team-lead': [
    'interactions.list',
    'cases.list',
    'onboarding.list',
    'onboarding.confirm',
    'people.list',
    ...asksForBreakGlass,
  ],
  supervisor: [
    'interactions.list',
    'cases.list',
    'approvals.list',
    'people.list',
    ...asksForBreakGlass,
  ],
  'hr-officer': ['onboarding.invite', 'onboarding.list', 'people.list'],
  'security-admin': [
    'break-glass.list',
    'onboarding.list',
    'people.list',
    'people.read',
    'sessions.list',
    'sessions.end',
    'policies.read',
    ...readsPolicies,
    'policies.propose',
    'policies.check',
    'policies.withdraw',
    'policies.rollback',
    'policies.end-stage',
    'policies.propose-narrower',
    'policies.shadow',
    'policies.replay',
    'decisions.read',
    'switches.list',
    'switches.forecast',
    'switches.throw',
    'provisioning.read',
    'provisioning.connect',
    'provisioning.renew',
    'provisioning.disconnect',
    'services.list',
    'services.register',
    'services.widen',
    'services.narrow',
    'services.add-key',
    'services.retire-key',
    'services.suspend',
    'services.resume',
    'services.remove',
    'applications.list',
    'applications.register',
    'applications.change',
    'applications.suspend',
    'applications.resume',
    'applications.remove',
    'signing-keys.list',
    'signing-keys.rotate',
    ...keepsEvidence,
    'erasures.request',
  ],
  auditor: [
    'break-glass.list',
    'evidence.search',
    'evidence.open-inquiry',
    'evidence.radius',
    'evidence.read',
    'evidence.export',
    'evidence.open-log',
    'evidence.witnesses',
    'evidence.receivers',
    ...keepsEvidence,
    'decisions.read',
    'policies.read',
    ...readsPolicies,
  ],
  telephony: ['interactions.start', 'interactions.hang-up'],
  gateway: [
    'decisions.evaluate',
    'decisions.evaluate-all',
    'decisions.search-subjects',
    'decisions.search-resources',
    'decisions.search-actions',
    'decisions.result',
    'decisions.request-access',
    'decisions.read-access-request',
    'decisions.cancel-access-request',
  ],
  'account-opening': ['enrolments.invite'],
  pipeline: [
    'pipeline.propose',
    'pipeline.candidate',
    'pipeline.shadow',
    'pipeline.replay',
    'pipeline.replays',
    'pipeline.differences',
  ],
  // Whatever it does, it does for somebody, under their grant.
  assistant: [],
  provisioning: routes.flatMap(({ id }) => (id.startsWith('scim.') ? [id] : [])),
};
const everybody = new Set(['self.read', 'self.events', 'self.sign-out', 'self.lock']);
/** Whoever is signed in does this to what is their own, whatever the role. */
const toOneself = [
  'recovery.own',
  'recovery.cancel-own',
  'recovery.choose-contacts',
  'recovery.seal-code',
  // Whose signature counts, the recovery itself says.
  'recovery.vouch-options',
  'recovery.vouch',
  'self.passkeys',
  'self.passkeys.begin',
  'self.passkeys.prove',
  'self.passkeys.register',
  'self.sessions',
  'self.sign-in-requests',
  'self.sign-in-requests.begin',
  'self.sign-in-requests.allow',
  'self.sign-in-requests.refuse',
  'self.sign-in-requests.hear-again',
  'self.sessions.end',
];

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  for (const role of roles) {
    const colleague = await seatFounder(company, founderOf[role]);
    seated.set(role, colleague);
    callers.set(role, asCaller(role, colleague));
  }
  for (const role of serviceRoles) callers.set(role, await serviceCaller(company, role));
  const victim = await seatFounder(company, 'Bayo Adeyemi');
  const { subjectId, sessionId } = await selfOf(victim);
  const interactionId = await ring(stage, victim);
  const unknown = (prefix: IdPrefix) => newId(prefix, { clock: systemClock, random: systemRandom });
  targets = {
    stf: subjectId,
    ses: sessionId,
    int: interactionId,
    ...Object.fromEntries(
      (
        [
          'app',
          'ath',
          'cas',
          'dec',
          'evt',
          'apr',
          'prq',
          'inv',
          'cus',
          'cse',
          'grt',
          'swt',
          'pcd',
          'rpl',
          'stg',
          'arq',
          'svc',
          'bgl',
          'sir',
          'ers',
          'hld',
        ] as const
      ).map((one) => [one, unknown(one)]),
    ),
    employeeNumber: 'CV-2004',
    accountNumber: company.accountNumbers[3] ?? '',
  };
});
afterAll(() => field.close());

/** Calls each route as its own kind of caller would, and answers what it was told. */
async function tryAll(name: Role | ServiceRole, kind: 'staff' | 'service') {
  const told = new Map<string, string>();
  for (const route of routes) {
    if (route.caller !== kind || everybody.has(route.id)) continue;
    const params = route.params === undefined ? {} : sampleInput(route.params, targets);
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, member: string) =>
      String((params as Record<string, unknown>)[member]),
    );
    const answer = await callAs(callers.get(name)!, {
      origin: field.company.origins.staff,
      method: route.method,
      path: `${path}${route.query === undefined ? '' : sampleQuery(route.query, targets)}`,
      ...(route.body === undefined ? {} : { json: sampleInput(route.body, targets) }),
    });
    told.set(route.id, codeIn(answer));
    if (answer.status === 403) expect(answer.text).not.toMatch(/"remedies":\[\{/);
  }
  return told;
}

describe('P2: a role does what it may, and nothing else', () => {
  test.each(roles)('%s', async (role) => {
    // What weighs asks for a touch of the last minute, and seating everybody may take longer.
    await seated.get(role)?.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
    for (const [id, code] of await tryAll(role, 'staff')) {
      const isTheirs = may[role].includes(id) || toOneself.includes(id);
      if (isTheirs) expect(`${id} ${code}`).not.toContain('access.');
      else expect(`${id} ${code}`).toBe(`${id} access.denied`);
    }
  });

  test.each(serviceRoles)('%s', async (role) => {
    for (const [id, code] of await tryAll(role, 'service')) {
      if (may[role].includes(id)) expect(`${id} ${code}`).not.toContain('access.');
      else expect(`${id} ${code}`).toBe(`${id} access.denied`);
    }
  });

  test('a service’s token is nobody’s at a colleague’s route, and a colleague’s at a service’s', async () => {
    for (const service of ['gateway', 'pipeline'] as const)
      for (const [, code] of await tryAll(service, 'staff')) expect(code).toBe('token.invalid');
    for (const [, code] of await tryAll('supervisor', 'service'))
      expect(code).toBe('token.invalid');
  });

  test('a role claimed in a header, a query or a cookie is not believed', async () => {
    const { staff } = field.company.origins;
    const agent = seated.get('billing-agent')!;
    agent.device.plantCookie(new URL(staff).host, 'role', 'security-admin');
    for (const header of ['x-role', 'x-roles', 'x-user', 'x-forwarded-user', 'remote-user']) {
      for (const path of ['/api/people', '/api/people?role=security-admin', '/api/policies']) {
        const url = `${staff}${path}`;
        const { accessToken, key } = agent.console;
        const answer = await send({
          origin: staff,
          path,
          headers: {
            [header]: 'security-admin',
            cookie: 'role=security-admin',
            authorization: `DPoP ${accessToken}`,
            dpop: await key.prove({ method: 'GET', url, accessToken }),
          },
        });
        expect(codeIn(answer)).toBe('access.denied');
      }
    }
  });

  test('a forwarded host, scheme or address does not make a request another one', async () => {
    const { staff } = field.company.origins;
    const { accessToken, key } = seated.get('billing-agent')!.console;
    const elsewhere = 'http://evil.localhost/api/self';
    const answer = await send({
      origin: staff,
      path: '/api/self',
      headers: {
        'x-forwarded-host': 'evil.localhost',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.localhost;proto=https',
        authorization: `DPoP ${accessToken}`,
        dpop: await key.prove({ method: 'GET', url: elsewhere, accessToken }),
      },
    });
    expect(codeIn(answer)).toBe('token.proof-invalid');
    for (const origin of [staff, field.company.origins.customers]) {
      const issuer = await send({
        origin,
        path: '/oidc/.well-known/openid-configuration',
        headers: { 'x-forwarded-host': 'evil.localhost', 'x-forwarded-proto': 'https' },
      });
      expect(issuer.text).not.toContain('evil');
      expect(JSON.parse(issuer.text)).toMatchObject({ issuer: `${origin}/oidc` });
    }
  });

  test.each([...roles, ...serviceRoles])(
    '%s is nobody to the customers: at no route of theirs, and at no endpoint of their issuer',
    async (name) => {
      const caller = callers.get(name)!;
      const origin = field.company.origins.customers;
      for (const { id, caller: kind, method, params, path, body } of routes) {
        if (kind !== 'customer') continue;
        const given = params === undefined ? {} : sampleInput(params, targets);
        const aimed = path.replaceAll(/\{(\w+)\}/g, (_, member: string) =>
          String((given as Record<string, unknown>)[member]),
        );
        const json = body === undefined ? {} : { json: sampleInput(body, targets) };
        const answer = await callAs(caller, { origin, method, path: aimed, ...json });
        expect(`${id} ${codeIn(answer)}`).toBe(`${id} token.missing`);
      }
      const { accessToken = '' } = (await caller.credentials?.()) ?? {};
      const found = await send({ origin, path: '/oidc/.well-known/openid-configuration' });
      const { userinfo_endpoint: userinfo, ...others } = JSON.parse(found.text) as Endpoints;
      const at = (url: unknown) => ({ origin, path: new URL(String(url)).pathname });
      const me = await callAs(caller, { ...at(userinfo), method: 'GET' });
      expect([me.status, errorIn(me)]).toEqual([401, 'invalid_token']);
      const asked = Object.entries(others).filter(([member]) =>
        /^(token|introspection|revocation|pushed_\w+|backchannel_authentication)_endpoint$/.test(
          member,
        ),
      );
      expect(asked.length).toBeGreaterThanOrEqual(4);
      const asking = { grant_type: 'client_credentials', scope: 'openid', login_hint: 'HX-1' };
      // Who is known to the colleagues’ issuer is no client of this one.
      const { sub = '', client_id: clientId = sub } = decodeJwt<{ client_id?: string }>(
        accessToken,
      );
      for (const [member, url] of asked) {
        const form = { ...asking, client_id: clientId, token: accessToken };
        const { device } = caller;
        const answer = await callAs({ name, device }, { ...at(url), method: 'POST', form });
        expect(`${member} ${errorIn(answer)}`).toBe(`${member} invalid_client`);
      }
    },
  );

  test('only the gateway’s own key reads decisions: the PDP tells a browser nothing', async () => {
    const answer = await callAs(
      { name: 'nobody', device: createDevice() },
      {
        origin: field.company.origins.staff,
        method: 'POST',
        path: '/access/v1/evaluation',
        json: sampleInput(routes.find(({ id }) => id === 'decisions.evaluate')!.body!, targets),
      },
    );
    expect(codeIn(answer)).toBe('token.missing');
  });
});
