import { connect, type Socket } from 'node:net';
import { limits } from '@proofline/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { enrolWithDevice } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';
import { codeIn, send } from './send.ts';

const HALVES = limits.openRequestsMax + 88;
const ANSWER_MAX_MS = 2_000;
/** The time that a body has, and room for a machine that does something else as well. */
const CLOSED_MAX_MS = limits.bodyTimeoutMs + 3_000;
const KEY = 'idempotency-key: 00000000-0000-4000-8000-000000000000';

let field: Battlefield;
let agent: Colleague;
let grant: string;
let accountNumber: string;
let sockets: Socket[] = [];

beforeAll(async () => {
  field = await openCompany();
  const { company, stage } = field;
  agent = await seatFounder(company, 'Ana Ruiz');
  accountNumber = company.accountNumbers[0] ?? '';
  const { phone } = await enrolWithDevice(company, accountNumber);
  const call = await proveCall(stage, { agent, customer: phone, accountNumber });
  grant = await grantOn(agent, call.caseId);
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
});
afterAll(() => field.close());

const gateway = () => field.company.origins.gateway;
const refundsPath = () => `/customers/${accountNumber}/refunds`;

interface Half {
  /** What it got, once it was closed, and how long that took. */
  readonly closed: Promise<{ readonly heard: string; readonly tookMs: number }>;
}

/** A request for a refund that announces more bytes than ever come. */
function sendHalf(headers: readonly string[], declaredBytes: number): Promise<Half> {
  const { host, port } = new URL(gateway());
  const head = [`POST ${refundsPath()} HTTP/1.1`, `host: ${host}`, ...headers];
  const lines = [...head, 'content-type: application/json', `content-length: ${declaredBytes}`];
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    sockets.push(socket);
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString())).on('error', () => {});
    socket.write(`${lines.join('\r\n')}\r\n\r\n{`, () => {
      const sentAtMs = performance.now();
      const closed = new Promise<{ heard: string; tookMs: number }>((done) => {
        socket.once('close', () => done({ heard, tookMs: performance.now() - sentAtMs }));
      });
      resolve({ closed });
    });
  });
}

async function insiderHeaders(): Promise<string[]> {
  const url = `${gateway()}${refundsPath()}`;
  const dpop = await agent.console.key.prove({ method: 'POST', url, accessToken: grant });
  return [`authorization: DPoP ${grant}`, `dpop: ${dpop}`, KEY];
}

/** An honest colleague reads, again and again, while the halves are there. */
async function expectHonestReads(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const watch = startStopwatch();
    // One after the other, as a person clicks.
    const answer = await agent.console.gateway(grant, {
      method: 'GET',
      path: `/customers/${accountNumber}`,
    });
    expect(answer.status).toBe(200);
    expect(watch.tookMs()).toBeLessThan(ANSWER_MAX_MS);
  }
}

describe('P7: half-sent requests at the gateway take nothing from anybody', () => {
  test('of a colleague with a live grant: honest reads go on, and each is told and closed in time', async () => {
    const headers = await Promise.all(Array.from({ length: HALVES }, insiderHeaders));
    const halves = await Promise.all(headers.map((lines) => sendHalf(lines, 200)));
    await expectHonestReads(5);
    const ends = await Promise.all(halves.map(({ closed }) => closed));
    for (const { heard, tookMs } of ends) {
      expect(heard).toContain('"code":"request.timeout"');
      expect(tookMs).toBeLessThan(CLOSED_MAX_MS);
    }
    await expectHonestReads(1);
  });

  test('of strangers: refused at once, and honest reads go on', async () => {
    const halves = await Promise.all(Array.from({ length: HALVES }, () => sendHalf([], 200)));
    await expectHonestReads(5);
    for (const { heard, tookMs } of await Promise.all(halves.map(({ closed }) => closed))) {
      expect(heard).toContain('"code":"token.missing"');
      expect(tookMs).toBeLessThan(CLOSED_MAX_MS);
    }
  });

  test('a stranger’s gigabyte is not waited for: it gets its 401, and the connection ends', async () => {
    const { closed } = await sendHalf([], 1e9);
    const { heard, tookMs } = await closed;
    expect(heard).toMatch(/^HTTP\/1\.1 401 /);
    expect(heard).toContain('"code":"token.missing"');
    expect(tookMs).toBeLessThan(ANSWER_MAX_MS);
    const forged = ['authorization: DPoP e30.e30.e30', 'dpop: e30.e30.e30'];
    expect((await (await sendHalf(forged, 1e9)).closed).heard).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('the operator’s pages answer meanwhile', async () => {
    const headers = await Promise.all(Array.from({ length: HALVES }, insiderHeaders));
    await Promise.all(headers.map((lines) => sendHalf(lines, 200)));
    for (const path of ['/healthz', '/readyz', '/metrics']) {
      const watch = startStopwatch();
      const answer = await send({ origin: gateway(), path });
      expect(codeIn(answer)).toBe(path === '/metrics' ? 'token.missing' : '200');
      expect(watch.tookMs()).toBeLessThan(ANSWER_MAX_MS);
    }
  });
});
