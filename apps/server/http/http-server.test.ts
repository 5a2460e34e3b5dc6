import { Agent } from 'node:http';
import { connect } from 'node:net';
import { fixedClock, limits } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import { defineRoute, handle, type MountedRoute } from '@proofline/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { metricsToken, openEdge, type TestEdge } from '../testing/open-edge.ts';
import { send, sendBytes } from '../testing/raw-request.ts';
import { openHttpServer } from './http-server.ts';

const slow = defineRoute({
  id: 'test.slow',
  method: 'get',
  path: '/api/slow',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  summary: 'Waits.',
  reply: z.object({ ok: z.boolean() }),
  status: 200,
  problems: [],
});
const take = defineRoute({
  realm: 'workforce',
  caller: 'anyone',
  summary: 'Takes.',
  reply: slow.reply,
  status: 200,
  problems: [],
  id: 'test.take',
  method: 'post',
  path: '/api/take',
  body: z.object({ text: z.string() }).strict(),
});
const wait = defineRoute({ ...take, id: 'test.wait', path: '/api/wait' });
const end = defineRoute({
  ...slow,
  id: 'interactions.end',
  method: 'post',
  path: '/api/end',
});

let edge: TestEdge;
let waiting: (() => void)[];
const letGo = () => {
  for (const go of waiting.splice(0)) go();
};
const mounted: MountedRoute[] = [
  handle(slow, async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { ok: true };
  }),
  handle(take, async () => ({ ok: true })),
  handle(wait, async () => {
    await new Promise<void>((resolve) => waiting.push(resolve));
    return { ok: true };
  }),
  handle(end, async () => ({ ok: true })),
];
beforeEach(async () => {
  waiting = [];
  edge = await openEdge(mounted);
});
afterEach(async () => {
  letGo();
  await edge.server.close();
});
const until = async (holds: () => boolean) => {
  await expect.poll(holds, { interval: 5 }).toBe(true);
};
const problemIn = (answer: string): unknown => {
  const parsed = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4)) as { code?: string }; // a problem body
  return parsed.code;
};

describe('what is not HTTP, or not ours', () => {
  it.each([
    ['garbage', 'hello\r\n\r\n', 400, 'request.malformed'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'request.malformed',
    ],
    [
      'headers beyond the limit',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(limits.headersMaxBytes)}\r\n\r\n`,
      413,
      'request.too-large',
    ],
    [
      'a host that makes no URL',
      'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n',
      400,
      'request.malformed',
    ],
    [
      'a host that is a member of every object',
      'GET / HTTP/1.1\r\nHost: constructor\r\nConnection: close\r\n\r\n',
      404,
      'route.unknown',
    ],
    [
      'a host that is the prototype',
      'GET / HTTP/1.1\r\nHost: __proto__\r\nConnection: close\r\n\r\n',
      404,
      'route.unknown',
    ],
    [
      'a target that names a host of its own',
      'GET http://staff.localhost:4400/healthz HTTP/1.1\r\nHost: staff.localhost:4400\r\nConnection: close\r\n\r\n',
      404,
      'route.unknown',
    ],
    [
      'a target that names a foreign host',
      'GET //evil.test/healthz HTTP/1.1\r\nHost: staff.localhost:4400\r\nConnection: close\r\n\r\n',
      404,
      'route.unknown',
    ],
    [
      'too many headers',
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'A: b\r\n'.repeat(limits.headersMaxCount)}\r\n`,
      413,
      'request.too-large',
    ],
  ])('%s gets a problem with a stable code', async (...[, bytes, status, code]) => {
    const answer = await sendBytes(edge.server.port, bytes);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(problemIn(answer)).toBe(code);
  });

  it.each(['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])(
    '%s of a route that has no such method is no route',
    async (method) => {
      const { status, headers } = await send(edge.server.port, { method, path: '/api/slow' });
      expect(status).toBe(404);
      // No preflight is ever answered: nobody else’s page may call.
      expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('a body that is too large is refused with words, also when its size was not declared', async () => {
    const headers = { origin: 'http://staff.localhost:4400', 'content-type': 'application/json' };
    const body = JSON.stringify({ text: 'x'.repeat(limits.requestBodyMaxBytes) });
    for (const more of [{}, { 'transfer-encoding': 'chunked' }]) {
      const ask = { method: 'POST', path: '/api/take', headers: { ...headers, ...more }, body };
      expect(await send(edge.server.port, ask)).toMatchObject({ status: 413 });
    }
  });
});

/** As many as get a place, from so many addresses that none has too many. */
const placesCount = limits.openRequestsMax - limits.openReservedCount;
const askFrom = (address: string) =>
  send(edge.server.port, {
    path: '/api/slow',
    headers: { 'x-test-address': address, authorization: 'staff' },
  });
const ask = (_: unknown, at: number) => askFrom(`crowd ${at % 4}`);

describe('how many requests are open', () => {
  const refused = async () => (await send(edge.server.port, { path: '/api/none' })).status;

  it('is bounded, and comes down once per request, also on connections that are used again', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 2 });
    for (let n = 0; n < 20; n += 1)
      expect((await send(edge.server.port, { path: '/healthz', agent })).status).toBe(200);
    agent.destroy();
    const all = Array.from({ length: placesCount }, ask);
    await until(() => waiting.length === placesCount);
    expect(await refused()).toBe(503);
    letGo();
    for (const { status } of await Promise.all(all)) expect(status).toBe(200);
    expect(await refused()).toBe(404);
  });

  it('comes down when callers go away early, piled up on one connection or not', async () => {
    const head = 'GET /api/slow HTTP/1.1\r\nHost: staff.localhost:4400\r\nAuthorization: staff\r\n';
    const sockets = Array.from({ length: 32 }, (_, at) => {
      const socket = connect(edge.server.port, '127.0.0.1');
      const request = `${head}X-Test-Address: crowd ${at % 4}\r\n\r\n`;
      socket.write(request.repeat(placesCount / 32));
      return socket;
    });
    await until(() => waiting.length === placesCount);
    expect(await refused()).toBe(503);
    for (const socket of sockets) socket.destroy();
    letGo();
    await expect.poll(refused, { interval: 5 }).toBe(404);
    // All places are free again, not just one.
    const all = Array.from({ length: placesCount }, ask);
    await until(() => waiting.length === placesCount);
    letGo();
    for (const answer of await Promise.all(all)) expect(answer.status).toBe(200);
  });
});

describe('one address', () => {
  it('takes half of the places and no more, and what ends something has places of its own', async () => {
    const crowd = Array.from({ length: limits.openPerAddressMax }, () => askFrom('crowd'));
    await until(() => waiting.length === limits.openPerAddressMax);
    expect((await askFrom('crowd')).status).toBe(503);
    const others = Array.from({ length: placesCount - limits.openPerAddressMax }, () =>
      askFrom('elsewhere'),
    );
    await until(() => waiting.length === placesCount);
    expect((await askFrom('third')).status).toBe(503);
    // From the same full address, too: refused by its check, and not for want of a place.
    const ending = { method: 'POST', path: '/api/end', headers: { 'x-test-address': 'crowd' } };
    expect((await send(edge.server.port, ending)).status).toBe(401);
    letGo();
    await Promise.all([...crowd, ...others]);
  });

  it('of strangers is worked at a few at a time, so that others are not behind all of them', async () => {
    const headers = {
      origin: 'http://staff.localhost:4400',
      'content-type': 'application/json',
      'x-test-address': 'crowd',
    };
    const asked = { method: 'POST', path: '/api/wait', headers, body: '{"text":"a"}' };
    const crowd = Array.from({ length: 60 }, () => send(edge.server.port, asked));
    await until(() => waiting.length === limits.turnsPerAddressMax);
    const other = { ...asked, headers: { ...headers, 'x-test-address': 'elsewhere' } };
    const answered = send(edge.server.port, other);
    await until(() => waiting.length === limits.turnsPerAddressMax + 1);
    waiting.pop()?.();
    expect((await answered).status).toBe(200);
    const draining = setInterval(letGo, 1);
    for (const { status } of await Promise.all(crowd)) expect(status).toBe(200);
    clearInterval(draining);
  });
});

describe('requests that are sent by half', () => {
  it('take no place from anybody, though they are more than there are places', async () => {
    const head = [
      'POST /api/take HTTP/1.1',
      'Host: staff.localhost:4400',
      'Origin: http://staff.localhost:4400',
      'Content-Type: application/json',
      'Content-Length: 12',
    ].join('\r\n');
    // From eight addresses, so that none has too many and all are waited for.
    const sockets = Array.from({ length: limits.openRequestsMax + 88 }, (_, at) => {
      const socket = connect(edge.server.port, '127.0.0.1');
      socket.write(`${head}\r\nX-Test-Address: ${at % 8}\r\n\r\n{`);
      return socket;
    });
    await until(() => edge.steps.length === sockets.length);
    expect((await send(edge.server.port, { path: '/api/none' })).status).toBe(404);
    // They were waited for: one that goes on is answered.
    const heard = new Promise((resolve) =>
      sockets[0]?.once('data', (data) => resolve(String(data))),
    );
    sockets[0]?.write('"text":"a"}');
    expect(await heard).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of sockets) socket.destroy();
  });
});

describe('the operator’s paths', () => {
  it('answer also when every place is taken: a busy process is not a dead one', async () => {
    const all = Array.from({ length: placesCount }, ask);
    await until(() => waiting.length === placesCount);
    const headers = { authorization: `Bearer ${metricsToken}` };
    for (const path of ['/healthz', '/readyz', '/metrics'])
      expect(await send(edge.server.port, { path, headers })).toMatchObject({ status: 200 });
    letGo();
    await Promise.all(all);
  });

  it('say whether the process lives and is ready', async () => {
    expect(await send(edge.server.port, { path: '/healthz' })).toMatchObject({ status: 200 });
    expect(await send(edge.server.port, { path: '/readyz' })).toMatchObject({ status: 200 });
  });

  it('show figures to the bearer of the token only', async () => {
    const get = (authorization: string) =>
      send(edge.server.port, { path: '/metrics', headers: { authorization } });
    expect(await get(`Bearer ${metricsToken}`)).toMatchObject({ status: 200, text: 'm 1\n' });
    for (const wrong of ['', metricsToken, `Bearer ${metricsToken}x`, `Bearer ${'n'.repeat(32)}`])
      expect(await get(wrong)).toMatchObject({ status: 401 });
  });
});

describe('closing', () => {
  it('answers what is under way, then ends connections that are kept alive', async () => {
    const agent = new Agent({ keepAlive: true });
    const headers = { authorization: 'staff' };
    const asked = send(edge.server.port, { path: '/api/slow', agent, headers });
    await until(() => waiting.length === 1);
    const startedAt = performance.now();
    const closed = edge.server.close();
    letGo();
    expect(await asked).toMatchObject({ status: 200, text: '{"ok":true}' });
    await closed;
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    agent.destroy();
    edge = await openEdge(mounted);
  });

  it('says in a sentence that the port is taken', async () => {
    const parts = { fetch: () => new Response(''), clock: fixedClock(), random: seededRandom('x') };
    const again = openHttpServer(parts, { host: '127.0.0.1', port: edge.server.port });
    await expect(again).rejects.toThrow(
      /^Port \d+ of 127\.0\.0\.1 is in use by another program\.$/,
    );
  });
});
