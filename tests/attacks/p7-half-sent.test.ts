import { connect, type Socket } from 'node:net';
import { limits } from '@proofline/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { codeIn, send } from './send.ts';

let field: Battlefield;
let agent: Colleague;
const sockets: HalfSent[] = [];

beforeAll(async () => {
  field = await openCompany();
  agent = await seatFounder(field.company, 'Ana Ruiz');
});
afterEach(() => {
  for (const { socket } of sockets.splice(0)) socket.destroy();
});
afterAll(() => field.close());

const staff = () => field.company.origins.staff;

interface HalfSent {
  readonly socket: Socket;
  heard: string;
}

/** More than there are places: headers, half of a body, and then nothing more. */
async function sendHalf(path: string, headers: readonly string[], rest: string): Promise<void> {
  const { host, port } = new URL(staff());
  const lines = [`POST ${path} HTTP/1.1`, `Host: ${host}`, `Origin: ${staff()}`, ...headers];
  const opened = Array.from({ length: limits.openRequestsMax + 88 }, () => {
    const one: HalfSent = { socket: connect(Number(port), '127.0.0.1'), heard: '' };
    one.socket.on('error', () => {});
    one.socket.on('data', (chunk) => (one.heard += String(chunk)));
    one.socket.write(`${lines.join('\r\n')}\r\n\r\n${rest}`);
    sockets.push(one);
    return new Promise((resolve) => one.socket.once('connect', resolve));
  });
  await Promise.all(opened);
}

/** What honest people do meanwhile, from the very same address. */
async function push(): Promise<number> {
  const answer = await send({
    origin: staff(),
    method: 'POST',
    path: '/oidc/request',
    headers: { origin: staff(), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      client_id: 'console',
      response_type: 'code',
      redirect_uri: `${staff()}/callback.html`,
      scope: 'openid',
      code_challenge: 'x'.repeat(43),
      code_challenge_method: 'S256',
    }).toString(),
  });
  return answer.status;
}
const healthz = async () => (await send({ origin: staff(), path: '/healthz' })).status;
const signIn = async () => {
  await agent.console.signIn({ acr: 'phr', maxAgeSeconds: 0 });
  return (await agent.console.api('GET', '/api/self')).status;
};

async function within2Seconds(act: () => Promise<number>): Promise<number> {
  const watch = startStopwatch();
  const status = await act();
  expect(watch.tookMs()).toBeLessThan(2_000);
  return status;
}

describe('P7: who sends half a request holds up nobody', () => {
  const form = 'Content-Type: application/x-www-form-urlencoded';
  const json = 'Content-Type: application/json';
  test.each([
    ['the API, with a length', '/api/onboarding/open', [json, 'Content-Length: 1000'], '{'],
    ['the issuer, in chunks', '/oidc/request', [form, 'Transfer-Encoding: chunked'], '2\r\na='],
    ['a route that needs a token', '/api/approvals', [json, 'Content-Length: 1000'], '{'],
  ])('at %s', async (...[, path, headers, rest]) => {
    await sendHalf(path, headers, rest);
    expect(await within2Seconds(healthz)).toBe(200);
    expect(await within2Seconds(push)).toBe(201);
    expect(await within2Seconds(signIn)).toBe(200);
    const stillOpen = () => sockets.filter(({ socket }) => !socket.destroyed).length;
    await expect.poll(stillOpen, { timeout: limits.bodyTimeoutMs + 3_000 }).toBe(0);
    // Each was told why, and none that there is no room.
    for (const { heard } of sockets) expect(heard).toMatch(/^HTTP\/1\.1 (408|401) /);
  });

  test('a form that grows in chunks without ever naming its length', async () => {
    const answer = await send({
      origin: staff(),
      method: 'POST',
      path: '/oidc/request',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'transfer-encoding': 'chunked',
      },
      body: `client_id=console&x=${'y'.repeat(limits.formBodyMaxBytes)}`,
    });
    expect(codeIn(answer)).toBe('request.too-large');
  });
});

describe('P7: a caller does not choose the address under which it is counted', () => {
  test.each(['/oidc/request', '/oidc/auth', '/api/console-config'])(
    'at %s, another X-Forwarded-For is no new allowance',
    async (path) => {
      let refused: string | undefined;
      // Twice, because a new minute may begin in between.
      const most = 2 * limits.unprovedCallsPerMinuteMax + 100;
      for (let at = 0; refused === undefined && at < most; at += 25) {
        const asked = Array.from({ length: 25 }, (_, n) => {
          const address = `198.51.${Math.floor((at + n) / 250)}.${(at + n) % 250}`;
          const headers = {
            'x-forwarded-for': n % 2 === 0 ? address : `${address}, 127.0.0.1`,
            'x-real-ip': address,
            forwarded: `for=${address}`,
          };
          return send({ origin: staff(), path, headers });
        });
        const codes = (await Promise.all(asked)).map(codeIn);
        refused = codes.find((code) => code === 'request.too-many');
      }
      expect(refused).toBe('request.too-many');
      expect(await healthz()).toBe(200);
    },
    30_000,
  );
});
