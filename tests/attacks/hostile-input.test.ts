import { routes } from '@proofline/protocol';
import { limits } from '@proofline/kernel';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { asCaller, callAs, enrolWithDevice } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';
import { codeIn, send, sendBytes, type RawAnswer } from './send.ts';

let field: Battlefield;
let agent: Colleague;
let grant: string;
let accountNumber: string;

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  const call = await proveCall(stage, { agent, customer: phone, accountNumber });
  grant = await grantOn(agent, call.caseId);
});
afterAll(() => field.close());

const staff = () => field.company.origins.staff;
const portOf = (origin: string) => Number(new URL(origin).port);

/** A post to a route that anybody may call. */
function post(
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawAnswer> {
  return send({
    origin: staff(),
    method: 'POST',
    path: '/api/onboarding/open',
    headers: { origin: staff(), 'content-type': 'application/json', ...headers },
    body,
  });
}

/** The same at the gateway, with everything that makes it a permitted request but its body. */
async function put(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}) {
  const origin = field.company.origins.gateway;
  const path = `/customers/${accountNumber}/billing-address`;
  const url = `${origin}${path}`;
  const dpop = await agent.console.key.prove({ method: 'PUT', url, accessToken: grant });
  return send({
    origin,
    method: 'PUT',
    path,
    headers: {
      origin: staff(),
      'content-type': 'application/json',
      authorization: `DPoP ${grant}`,
      dpop,
      ...headers,
    },
    body,
  });
}

const deep = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
const tooLarge = JSON.stringify({ secret: 'x'.repeat(limits.requestBodyMaxBytes) });
const address = { street: 'x', postalCode: '1', city: 'X', country: 'DE' };

describe('hostile input is refused with a stable code, at the server and at the gateway', () => {
  const bodies: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ['a body one byte too large', tooLarge, /^request\.too-large$/],
    ['a depth bomb', deep(5_000), /^request\.(too-deep|malformed)$/],
    [
      'an array bomb',
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
      /^request\.(too-deep|malformed)$/,
    ],
    [
      'a member named __proto__',
      '{"__proto__":{"secret":"x"},"secret":"xxxxxxxxxxxxxxxxxxxxxxxx"}',
      /^request\.malformed$/,
    ],
    [
      'a member named constructor',
      '{"constructor":{"prototype":{"x":1}},"secret":"xxxxxxxxxxxxxxxxxxxxxxxx"}',
      /^request\.malformed$/,
    ],
    [
      'invalid UTF-8',
      Buffer.concat([
        Buffer.from('{"secret":"xxxxxxxxxxxxxxxxxxxxxxx'),
        Buffer.from([0xff, 0xfe, 0xc0, 0xaf]),
        Buffer.from('"}'),
      ]),
      /^request\.malformed$/,
    ],
    [
      'a byte order mark and UTF-16',
      Buffer.from('\ufeff{"secret":"x"}', 'utf16le'),
      /^request\.malformed$/,
    ],
    ['a bare NUL', Buffer.from([0]), /^request\.malformed$/],
    ['nothing', '', /^request\.malformed$/],
    ['null', 'null', /^request\.malformed$/],
    ['a list', '[]', /^request\.malformed$/],
    ['a number too large to be one', '{"secret":1e999}', /^request\.malformed$/],
    ['a huge text', JSON.stringify({ secret: 'x'.repeat(60_000) }), /^request\.malformed$/],
    ['two JSON texts', '{"secret":"xxxxxxxxxxxxxxxxxxxxxxxx"}{}', /^request\.malformed$/],
    ['a comment', '{"secret":"xxxxxxxxxxxxxxxxxxxxxxxx"/* */}', /^request\.malformed$/],
  ];
  test.each(bodies)('%s', async (_, body, code) => {
    expect(codeIn(await post(body))).toMatch(code);
    expect(codeIn(await put(body))).toMatch(code);
  });

  test('a body of another type, or of none', async () => {
    const body = JSON.stringify({ secret: 'x'.repeat(24) });
    for (const type of [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonx',
      '',
    ]) {
      expect(codeIn(await post(body, { 'content-type': type }))).toBe('request.unsupported-type');
      const guarded = await put(JSON.stringify(address), { 'content-type': type });
      expect(codeIn(guarded)).toBe('request.unsupported-type');
    }
  });

  test('a chunked body that grows beyond the limit without ever naming its length', async () => {
    const answer = await send({
      origin: staff(),
      method: 'POST',
      path: '/api/onboarding/open',
      headers: {
        origin: staff(),
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
      },
      body: tooLarge,
    });
    expect(codeIn(answer)).toBe('request.too-large');
  });

  test('more than 64 headers, or 16 kB of them', async () => {
    const many = Object.fromEntries(Array.from({ length: 66 }, (_, at) => [`x-${at}`, '1']));
    expect(codeIn(await send({ origin: staff(), path: '/api/self', headers: many }))).toBe(
      'request.too-large',
    );
    const origin = field.company.origins.gateway;
    const atGateway = await send({ origin, path: `/customers/${accountNumber}`, headers: many });
    expect(codeIn(atGateway)).toBe('request.too-large');
    const large = { 'x-large': 'x'.repeat(17 * 1024) };
    for (const one of [staff(), origin]) {
      const { status } = await send({ origin: one, path: '/api/self', headers: large });
      expect([413, 431]).toContain(status);
    }
  });

  test('huge and malformed ids and paths', async () => {
    const ids = [
      'x'.repeat(5_000),
      'int_',
      'int_ZZZZ',
      '%00',
      '%ff',
      '%',
      '..%2f..',
      'int_0\u200b',
    ];
    for (const id of ids) {
      const path = `/api/interactions/${encodeURI(id).replaceAll('%25', '%')}`;
      const answer = await callAs(asCaller('agent', agent), {
        origin: staff(),
        method: 'GET',
        path,
      });
      expect(`${id.slice(0, 10)} ${answer.status}`).toMatch(/ (400|404|401|414|431)$/);
      expect(answer.text).toContain('"code"');
    }
  });

  test('an unknown query member, or one given twice, at the gateway', async () => {
    const origin = field.company.origins.gateway;
    for (const query of ['?debug=1', '?fields=*', '?accountNumber=MH-10002', '?a=1&a=2']) {
      const answer = await agent.console.gateway(grant, {
        method: 'GET',
        path: `/customers/${accountNumber}${query}`,
      });
      expect(answer.status).toBe(400);
    }
    for (const path of [
      '/openapi.json',
      '/customers',
      '/customers?query=a',
      '/admin',
      '//customers',
      `/customers/${accountNumber}/../MH-10002`,
      `/customers/${accountNumber}%2finvoices`,
      `/customers/${accountNumber}/`,
      `/CUSTOMERS/${accountNumber}`,
    ]) {
      const url = `${origin}${path}`;
      const dpop = await agent.console.key.prove({ method: 'GET', url, accessToken: grant });
      const headers = { origin: staff(), authorization: `DPoP ${grant}`, dpop };
      const answer = await send({ origin, path, headers });
      expect(`${path} ${answer.status}`).toMatch(/ (403|404)$/);
    }
  });

  test('an unknown body member at the gateway', async () => {
    for (const extra of [{ plan: 'free' }, { accountNumber: 'MH-10002' }, { toString: 'x' }]) {
      const answer = await put(JSON.stringify({ ...address, ...extra }));
      expect(codeIn(answer)).toBe('request.malformed');
    }
  });

  test('headers of the caller do not reach the guarded system', async () => {
    const answer = await agent.console.gateway(grant, {
      method: 'GET',
      path: `/customers/${accountNumber}`,
      headers: {
        'x-api-key': 'forged',
        'x-http-method-override': 'DELETE',
        'x-original-url': '/customers/MH-10002',
        'x-rewrite-url': '/customers/MH-10002',
      },
    });
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).toContain(accountNumber);
  });
});

describe('hostile pages', () => {
  test('a write from another origin, or from none where a cookie would do', async () => {
    const { customers } = field.company.origins;
    const writes = routes.filter(({ method }) => method !== 'get');
    expect(writes.length).toBeGreaterThan(20);
    for (const route of writes) {
      const own = route.realm === 'workforce' ? staff() : customers;
      const other = route.realm === 'workforce' ? customers : staff();
      const path = route.path.replaceAll(/\{\w+\}/g, 'x'.repeat(12));
      const needsOrigin = route.caller === 'anyone' || route.caller === 'customer';
      for (const origin of [
        other,
        'null',
        'https://evil.example',
        `${own}.evil.example`,
        ...(needsOrigin ? [undefined] : []),
      ]) {
        const answer = await send({
          origin: own,
          method: route.method.toUpperCase(),
          path,
          headers: origin === undefined ? {} : { origin },
        });
        expect(`${route.id} ${codeIn(answer)}`).toBe(`${route.id} request.cross-origin`);
      }
    }
  });

  test('the gateway is read by no page but the console’s', async () => {
    const { gateway, customers } = field.company.origins;
    for (const origin of [customers, 'https://evil.example', 'null']) {
      const url = `${gateway}/customers/${accountNumber}`;
      const dpop = await agent.console.key.prove({ method: 'GET', url, accessToken: grant });
      const headers = { origin, authorization: `DPoP ${grant}`, dpop };
      const answer = await send({ origin: gateway, path: `/customers/${accountNumber}`, headers });
      expect(codeIn(answer)).toBe('request.cross-origin');
      expect(answer.headers['access-control-allow-origin']).not.toBe(origin);
    }
  });

  test('no page of another origin may frame or read the console or the customers’ page', async () => {
    for (const origin of [staff(), field.company.origins.customers]) {
      const { headers } = await send({ origin, path: '/' });
      expect(headers['content-security-policy']).toMatch(/default-src 'none'/);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
      expect(headers['content-security-policy']).toMatch(/frame-ancestors '(self|none)'/);
      expect(headers['access-control-allow-origin']).toBeUndefined();
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('hostile connections', () => {
  test('a Host header of a third name is served nothing', async () => {
    const { gateway } = field.company.origins;
    for (const host of [
      'evil.example',
      '127.0.0.1',
      'constructor',
      '__proto__',
      'toString',
      'staff.localhost',
      '',
    ]) {
      for (const origin of [staff(), gateway]) {
        const path = origin === gateway ? `/customers/${accountNumber}` : '/api/self';
        const answer = await send({ origin, path, headers: { host } });
        expect(`${host} ${answer.status}`).toMatch(/ (400|404|421)$/);
      }
    }
  });

  test('an absolute target or two Host headers do not choose another realm', async () => {
    const { customers } = field.company.origins;
    const target = `GET ${customers}/api/customer/page HTTP/1.1\r\nHost: ${new URL(staff()).host}\r\nConnection: close\r\n\r\n`;
    expect(await sendBytes(portOf(staff()), target)).not.toContain('HTTP/1.1 200');
    const twice = `GET /api/customer/page HTTP/1.1\r\nHost: ${new URL(staff()).host}\r\nHost: ${new URL(customers).host}\r\nConnection: close\r\n\r\n`;
    expect(await sendBytes(portOf(staff()), twice)).not.toContain('HTTP/1.1 200');
  });

  test('a request smuggled behind another is not taken as one', async () => {
    const { host } = new URL(staff());
    const smuggled = `POST /api/onboarding/open HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${staff()}\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    const answer = await sendBytes(portOf(staff()), smuggled);
    expect(answer).not.toContain('alive');
    expect(answer).toMatch(/^HTTP\/1\.1 400/);
  });

  test('what is no HTTP at all is answered with no more than that', async () => {
    for (const bytes of [
      '\u0000\u0001\u0002\r\n\r\n',
      'GET / HTTP/9.9\r\n\r\n',
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n\r\n`,
    ]) {
      const answer = await sendBytes(portOf(staff()), bytes);
      expect(answer).toMatch(/^(HTTP\/1\.1 (400|413|431|505) |$)/);
      expect(answer).not.toMatch(/ at |node:/);
    }
  });

  test('requests that trickle in hold up nobody else', async () => {
    const { host } = new URL(staff());
    const head = `POST /api/onboarding/open HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${staff()}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`;
    let ended = 0;
    const slow = Array.from({ length: 60 }, () =>
      sendBytes(portOf(staff()), head).finally(() => (ended += 1)),
    );
    const answer = await agent.console.api('GET', '/api/self');
    expect(answer.status).toBe(200);
    // Every one of them was still on its way.
    expect(ended).toBe(0);
    await Promise.all(slow);
  });

  test('event streams are bounded for each colleague', async () => {
    const streams = Array.from({ length: limits.eventStreamsPerSubjectMax + 3 }, () =>
      callAs(asCaller('agent', agent), {
        origin: staff(),
        method: 'GET',
        path: '/api/self/events',
        readForMs: 800,
      }),
    );
    const statuses = (await Promise.all(streams)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(
      limits.eventStreamsPerSubjectMax,
    );
    expect(statuses).toContain(429);
  });

  test('metrics are read with their token only, and files never leave the pages’ folder', async () => {
    for (const authorization of ['', 'Bearer x', `Bearer ${field.company.secrets.metricsToken}x`]) {
      const headers = authorization === '' ? {} : { authorization };
      for (const origin of [staff(), field.company.origins.gateway]) {
        expect((await send({ origin, path: '/metrics', headers })).status).toBe(401);
      }
    }
    for (const path of [
      '/../package.json',
      '/%2e%2e/package.json',
      '/assets/../../config.ts',
      '/assets/%2e%2e%2f%2e%2e%2fmain.ts',
      '/.env',
      '/secrets.json',
      '/docs/errors/..%2f..%2fREADME',
    ]) {
      const answer = await send({ origin: staff(), path });
      expect(answer.text).not.toMatch(/"dependencies"|import |PROOFLINE_|signingKey/);
    }
  });
});
