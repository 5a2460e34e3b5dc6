import { readFileSync } from 'node:fs';
import { systemClock, systemRandom, newId } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { routes, type Route } from '@proofline/protocol';
import { generateKeyPair, importJWK, SignJWT, UnsecuredJWT, type CryptoKey, type JWK } from 'jose';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDpopKey, type DpopKey } from '../../demo/actors/dpop-key.ts';
import { founders } from '../../demo/staff.ts';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { selfOf } from '../../demo/story/stage.ts';
import { enrolWithDevice, type CustomerAtHome } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';
import { codeIn, send } from './send.ts';
import {
  blockOfGuide,
  enrolBySignature,
  fetchHere,
  overheard,
  registerOpening,
  signedPost,
  told,
} from './signed-requests.ts';

let field: Battlefield;
let agent: Colleague;
let customer: CustomerAtHome;
let claims: Record<string, unknown>;
let grant: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  const accountNumber = company.accountNumbers[0] ?? '';
  customer = await enrolWithDevice(company, accountNumber);
  await customer.phone.signIn();
  const call = await proveCall(stage, { agent, customer: customer.phone, accountNumber });
  grant = await grantOn(agent, call.caseId);
  const { subjectId, sessionId } = await selfOf(agent);
  const now = Math.floor(Date.now() / 1000);
  claims = {
    iss: `${company.origins.staff}/oidc`,
    aud: `${company.origins.staff}/api`,
    sub: subjectId,
    sid: sessionId,
    client_id: 'console',
    acr: 'phrh',
    amr: ['hwk'],
    auth_time: now,
    iat: now,
    exp: now + 200,
    jti: crypto.randomUUID(),
    cnf: { jkt: agent.console.key.thumbprint },
  };
});
afterAll(() => field.close());

interface Presented {
  readonly token?: string;
  readonly scheme?: string;
  readonly proof?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
}

type Attack = (request: { method: string; url: string }) => Promise<Presented>;

const ownKey = () => agent.console.key;
const token = () => agent.console.accessToken;
const prove = (
  request: { method: string; url: string },
  change: Partial<Parameters<DpopKey['prove']>[0]> = {},
  key: DpopKey = ownKey(),
) => key.prove({ ...request, accessToken: token(), ...change });

interface Forgery {
  readonly change?: Readonly<Record<string, unknown>>;
  readonly key?: CryptoKey;
  readonly header?: Readonly<Record<string, string>>;
}

/** A token as our issuer signs it; with another key when one is given. */
async function mint({ change = {}, key, header = {} }: Forgery): Promise<string> {
  const { signingKey } = field.company.secrets;
  return new SignJWT({ ...claims, ...change })
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: signingKey.kid, ...header })
    .sign(key ?? (await importJWK(signingKey as JWK, 'ES256')));
}

async function minted(
  request: { method: string; url: string },
  forgery: Forgery,
): Promise<Presented> {
  const forged = await mint(forgery);
  return { token: forged, proof: await prove(request, { accessToken: forged }) };
}

const ago = (seconds: number) => Math.floor(Date.now() / 1000) - seconds;

/** Each way to come without a right, and what it is told. */
const attacks: Readonly<Record<string, readonly [code: string, attack: Attack]>> = {
  'without a token': ['token.missing', async () => ({})],
  'with a customer’s cookie instead of a token': [
    'token.missing',
    async () => {
      const host = new URL(field.company.origins.customers).host;
      const cookie = customer.device.cookiesOf(host).get('__Host-customer') ?? '';
      return { headers: { cookie: `__Host-customer=${cookie}` } };
    },
  ],
  'with the token as a Bearer, without proof of possession': [
    'token.',
    async () => ({ token: token(), scheme: 'Bearer' }),
  ],
  'without a proof of possession': ['token.proof-missing', async () => ({ token: token() })],
  'with a grant, a token of another audience': [
    'token.invalid',
    async (request) => ({ token: grant, proof: await prove(request, { accessToken: grant }) }),
  ],
  'with a token for the customers’ origin': [
    'token.invalid',
    async (request) =>
      minted(request, { change: { aud: `${field.company.origins.customers}/api` } }),
  ],
  'with a token of another issuer': [
    'token.invalid',
    async (request) =>
      minted(request, { change: { iss: `${field.company.origins.customers}/oidc` } }),
  ],
  'with a token that has expired': [
    'token.invalid',
    async (request) => minted(request, { change: { iat: ago(900), exp: ago(600) } }),
  ],
  'with a token that is not valid yet': [
    'token.invalid',
    async (request) => minted(request, { change: { nbf: ago(-600) } }),
  ],
  'with a token that somebody else signed': [
    'token.invalid',
    async (request) => minted(request, { key: (await generateKeyPair('ES256')).privateKey }),
  ],
  'with an ID token instead of an access token': [
    'token.invalid',
    async (request) => minted(request, { header: { typ: 'JWT' } }),
  ],
  'with an unsigned token': [
    'token.invalid',
    async (request) => {
      const forged = new UnsecuredJWT(claims).encode();
      return { token: forged, proof: await prove(request, { accessToken: forged }) };
    },
  ],
  'with a token whose payload was edited': [
    'token.invalid',
    async (request) => {
      const [header, payload = '', signature] = token().split('.');
      const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const edited = Buffer.from(JSON.stringify({ ...read, acr: 'phrh', extra: 1 }));
      const forged = [header, edited.toString('base64url'), signature].join('.');
      return { token: forged, proof: await prove(request, { accessToken: forged }) };
    },
  ],
  'with a token that is bound to another key': [
    'token.',
    async (request) => {
      const thief = await createDpopKey();
      return { token: token(), proof: await prove(request, {}, thief) };
    },
  ],
  'with a token that is bound to no key': [
    'token.',
    async (request) => minted(request, { change: { cnf: undefined } }),
  ],
  'with a proof for another method': [
    'token.proof-invalid',
    async (request) => {
      const method = /^delete$/i.test(request.method) ? 'POST' : 'DELETE';
      return { token: token(), proof: await prove(request, { method }) };
    },
  ],
  'with a proof for another path': [
    'token.proof-invalid',
    async ({ method, url }) => ({
      token: token(),
      proof: await prove({ method, url: `${new URL(url).origin}/api/elsewhere` }),
    }),
  ],
  'with a proof for another origin': [
    'token.proof-invalid',
    async ({ method, url }) => ({
      token: token(),
      proof: await prove({ method, url: `http://gateway.localhost:1${new URL(url).pathname}` }),
    }),
  ],
  'with a proof for another token': [
    'token.proof-invalid',
    async (request) => ({ token: token(), proof: await prove(request, { accessToken: grant }) }),
  ],
  'with an old proof': [
    'token.proof-invalid',
    async (request) => ({
      token: token(),
      proof: await prove(request, { issuedAtSeconds: ago(3600) }),
    }),
  ],
  'with a proof from the future': [
    'token.proof-invalid',
    async (request) => ({
      token: token(),
      proof: await prove(request, { issuedAtSeconds: ago(-3600) }),
    }),
  ],
  'with two proofs in one request': [
    'token.proof-invalid',
    async (request) => ({
      token: token(),
      headers: { dpop: [await prove(request), await prove(request)] },
    }),
  ],
  'with a proof that is no DPoP proof': [
    'token.proof-invalid',
    async () => ({ token: token(), proof: token() }),
  ],
  'with a token of a session that does not exist': [
    'session.ended',
    async (request) =>
      minted(request, {
        change: { sid: newId('ses', { clock: systemClock, random: systemRandom }) },
      }),
  ],
  'with a token of another subject’s session': [
    'token.invalid',
    async (request) =>
      minted(request, {
        change: { sub: newId('stf', { clock: systemClock, random: systemRandom }) },
      }),
  ],
};

const unknownId = newId('int', { clock: systemClock, random: systemRandom }).slice(4);

function targetOf(route: Route): { method: string; url: string; path: string } {
  const path = route.path.replaceAll(/\{\w+\}/g, `int_${unknownId}`);
  const origin = field.company.origins.staff;
  return { method: route.method.toUpperCase(), url: `${origin}${path}`, path };
}

async function present(route: Route, attack: Attack) {
  const request = targetOf(route);
  const { token: given, scheme = 'DPoP', proof, headers } = await attack(request);
  return send({
    origin: field.company.origins.staff,
    method: request.method,
    path: request.path,
    headers: {
      origin: field.company.origins.staff,
      'content-type': 'application/json',
      ...(given === undefined ? {} : { authorization: `${scheme} ${given}` }),
      ...(proof === undefined ? {} : { dpop: proof }),
      ...headers,
    },
    ...(route.body === undefined ? {} : { body: '{}' }),
  });
}

const guarded = routes.filter(
  ({ caller, realm }) => realm === 'workforce' && (caller === 'staff' || caller === 'service'),
);

describe('P2: no route that needs somebody answers', () => {
  test.each(Object.entries(attacks))('%s', async (_, [expected, attack]) => {
    expect(guarded.length).toBeGreaterThan(25);
    for (const route of guarded) {
      // A session is looked for only where a colleague is expected.
      if (expected === 'session.ended' && route.caller === 'service') continue;
      const answer = await present(route, attack);
      expect(`${route.id} ${answer.status} ${codeIn(answer)}`).toContain(
        `${route.id} 401 ${expected}`,
      );
      expect(answer.headers['www-authenticate']).toMatch(/^DPoP /);
    }
  });

  test('a second time with the same proof of possession', async () => {
    const route = guarded.find(({ id }) => id === 'self.read')!;
    const request = targetOf(route);
    const proof = await prove(request);
    const replay = async () => ({ token: token(), proof });
    expect((await present(route, replay)).status).toBe(200);
    expect(codeIn(await present(route, replay))).toBe('token.proof-replayed');
    // Also when both arrive at once.
    const raced = await prove(request);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () =>
        present(route, async () => ({ token: token(), proof: raced })),
      ),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('and the forger’s tools work: an honestly minted token is taken', async () => {
    const route = guarded.find(({ id }) => id === 'self.read')!;
    expect((await present(route, (request) => minted(request, {}))).status).toBe(200);
    expect(sha256Base64url(token())).toHaveLength(43);
  });

  test('a customer’s routes do not answer without the customer’s own cookie', async () => {
    const origin = field.company.origins.customers;
    for (const { id, path, method } of routes.filter(({ caller }) => caller === 'customer')) {
      for (const cookie of ['', '__Host-customer=', `__Host-customer=${'A'.repeat(43)}`]) {
        const headers = { origin, ...(cookie === '' ? {} : { cookie }) };
        const answer = await send({ origin, path, method: method.toUpperCase(), headers });
        expect(`${id} ${answer.status}`).toBe(`${id} 401`);
      }
    }
  });
});

describe('P2: a program that signs its requests', () => {
  let admin: Colleague;
  beforeAll(async () => {
    admin = await seatFounder(field.company, founders.security);
  });

  test('does what the guide says, with the lines that stand there', async () => {
    const bare = (code: string) => code.replaceAll(/[\s,]/g, '');
    expect(bare(blockOfGuide('ts example')).length).toBeGreaterThan(150);
    const file = readFileSync(new URL('signed-requests.ts', import.meta.url), 'utf8');
    expect(bare(file)).toContain(bare(blockOfGuide('ts example')));
    const { company } = field;
    const till = await registerOpening(admin, 'signature');
    vi.stubGlobal('fetch', fetchHere);
    const [, , accountNumber = ''] = company.accountNumbers;
    const answer = await enrolBySignature(company.origins.staff, till, accountNumber);
    vi.unstubAllGlobals();
    expect(answer.status).toBe(202);
  });

  test('is not believed to have sent anything else, nor the same again, nor in another way', async () => {
    const { company } = field;
    const origin = company.origins.staff;
    const [, , , accountNumber = '', other = ''] = company.accountNumbers;
    const [till, second] = [
      await registerOpening(admin, 'signature'),
      await registerOpening(admin, 'signature'),
    ];
    const byDpop = await registerOpening(admin, 'dpop');
    const sent = await overheard(origin, till, accountNumber);
    const but = (headers: Record<string, string>, more: object = {}) =>
      told({ ...sent, ...more, headers: { ...sent.headers, ...headers } });
    const elsewhere = await overheard(origin, second, accountNumber);
    const outcomes = {
      method: await but({}, { method: 'PUT' }),
      query: await but({}, { path: `${sent.path}?a` }),
      nonce: await but({
        'signature-input': sent.headers['signature-input']!.replace(/nonce="./, 'nonce="~'),
      }),
      swapped: await but({ signature: elsewhere.headers['signature']! }),
      label: await but({ signature: `${sent.headers['signature']}, b=:AAAA:` }),
      dpop: await but({ dpop: 'a.b.c' }),
      unsigned: await but({ signature: '', 'signature-input': '' }),
      // Another body under the digest that was signed, and with its own.
      body: await but({}, { body: sent.body.replace(accountNumber, other) }),
    };
    const { method, unsigned, ...changed } = outcomes;
    expect(Object.entries(changed).filter(([, code]) => code !== 'token.proof-invalid')).toEqual(
      [],
    );
    expect([method, unsigned]).toEqual(['route.unknown', 'token.missing']);
    expect(await told(await overheard(origin, byDpop, accountNumber))).toBe('token.proof-invalid');
    const good = await overheard(origin, till, accountNumber);
    expect([await told(good), await told(good)]).toEqual(['taken', 'token.proof-replayed']);
    // Nor without the body that was signed, where one may be left out.
    const path = `/access/v1/requests/arq_${unknownId}/cancel`;
    const { headers } = await signedPost(origin, till, { path, body: '{"reason":"wrong"}' });
    const { 'content-length': _length, 'content-type': _type, ...emptied } = headers;
    expect(await told({ origin, method: 'POST', path, headers: emptied })).toBe(
      'token.proof-invalid',
    );
    // What is signed for one origin is nothing at the other realm’s.
    const there = { ...(await overheard(origin, till, other)), origin: company.origins.customers };
    expect(await told(there)).toBe('route.unknown');
  });
});
