import { Worker } from 'node:worker_threads';
import { limits } from '@proofline/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { seatFounder, type Colleague } from '../../demo/story/cast.ts';
import { selfOf } from '../../demo/story/stage.ts';
import { startStopwatch } from '../harness/stopwatch.ts';
import { enrolWithDevice } from './callers.ts';
import { openCompany, type Battlefield } from './open-company.ts';
import { grantOn, proveCall } from './proved-call.ts';

const DEADLINE_MS = 2_000;
const CONNECTIONS = 700;

let field: Battlefield;
let admin: Colleague;
let agent: Colleague;
let supervisor: Colleague;
let storm: Storm | undefined;

beforeAll(async () => {
  field = await openCompany();
  admin = await seatFounder(field.company, 'Ravi Menon');
  agent = await seatFounder(field.company, 'Ana Ruiz');
  supervisor = await seatFounder(field.company, 'Sol Marchetti');
}, 120_000);
afterEach(() => storm?.end());
afterAll(() => field.close());

interface Storm {
  /** How often each status came back. */
  readonly statuses: Map<string, number>;
  end(): void;
}

/** One address that asks over all of its connections, on a thread of its own. */
async function raise(request: string): Promise<Storm> {
  const statuses = new Map<string, number>();
  const { host, port } = new URL(field.company.origins.customers);
  const bytes = request.replace('\r\n', `\r\nHost: ${host}\r\n`);
  const workerData = { port: Number(port), connections: CONNECTIONS, bytes };
  const thread = new Worker(new URL('storm.ts', import.meta.url), { workerData });
  const { promise: raging, resolve } = Promise.withResolvers<void>();
  thread.on('message', (status: string) => {
    if (status === 'raging') resolve();
    else statuses.set(status, (statuses.get(status) ?? 0) + 1);
  });
  thread.once('error', resolve);
  await raging;
  return { statuses, end: () => void thread.terminate() };
}

const took = async (act: () => Promise<{ readonly status: number }>) => {
  const watch = startStopwatch();
  const { status } = await act();
  return { status, tookMs: watch.tookMs() };
};

const invented = 'A'.repeat(43);
const cookie = (value: string) =>
  `GET /api/customer/self HTTP/1.1\r\nCookie: __Host-customer=${value}\r\n\r\n`;

describe('a shift begins', () => {
  test('who signs in together gets in together', async () => {
    const { company } = field;
    const seated = [admin.name, agent.name, supervisor.name];
    const others = [...company.founderLinks.keys()].filter((name) => !seated.includes(name));
    const crew: Colleague[] = [admin, agent, supervisor];
    // One after the other: their seats are not what is tested here.
    for (const name of others) crew.push(await seatFounder(company, name));
    for (const round of [1, 2]) {
      const outcomes = await Promise.allSettled(
        crew.map(({ console }) => console.signIn({ maxAgeSeconds: 0 })),
      );
      const refused = outcomes.filter(({ status }) => status === 'rejected');
      expect([round, refused]).toEqual([round, []]);
    }
  });
});

describe('P6: an address that floods the server does not delay what ends', () => {
  test.each([
    ['invented sessions of customers', cookie(invented)],
    ['a page for everybody', 'GET /api/customer/page HTTP/1.1\r\n\r\n'],
  ])(
    'with %s',
    async (...[, request]) => {
      const { company, stage } = field;
      const accountNumber = company.accountNumbers.at(company.messages.length) ?? '';
      const customer = await enrolWithDevice(company, accountNumber);
      const call = await proveCall(stage, { agent, customer: customer.phone, accountNumber });
      const grant = await grantOn(agent, call.caseId);
      const telephony = await company.service('telephony');
      await supervisor.console.signIn();
      const { sessionId } = await selfOf(supervisor);
      await admin.console.signIn({ acr: 'phrh', maxAgeSeconds: 0 });
      await selfOf(admin);
      storm = await raise(request);
      const [hungUp, ended] = await Promise.all([
        took(() => telephony.call('POST', `/api/interactions/${call.interactionId}/hang-up`)),
        took(() => admin.console.api('POST', `/api/sessions/${sessionId}/end`)),
      ]);
      expect([hungUp.status, ended.status]).toEqual([204, 204]);
      expect(Math.max(hungUp.tookMs, ended.tookMs)).toBeLessThan(DEADLINE_MS);
      const path = `/customers/${accountNumber}`;
      const read = await took(() => agent.console.gateway(grant, { method: 'GET', path }));
      expect(read).toMatchObject({ status: 401 });
      expect(read.tookMs).toBeLessThan(DEADLINE_MS);
    },
    60_000,
  );

  test('credentials that are none are looked at so often in a minute, and no longer', async () => {
    await selfOf(agent);
    storm = await raise(cookie(invented));
    await expect
      .poll(() => storm?.statuses.get('429') ?? 0, { timeout: 30_000 })
      .toBeGreaterThan(0);
    // Twice, because a new minute may begin in between.
    expect(storm.statuses.get('401') ?? 0).toBeLessThanOrEqual(
      2 * limits.failedCustomerCallsPerMinuteMax,
    );
    // Who is signed in at the same address goes on.
    await selfOf(agent);
  }, 60_000);
});
