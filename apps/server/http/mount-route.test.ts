import { setTimeout as delay } from 'node:timers/promises';
import { idOf, defineRoute, handle, ProblemError, type MountedRoute } from '@proofline/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { openEdge, type TestEdge } from '../testing/open-edge.ts';
import { open, send, type RawRequest } from '../testing/raw-request.ts';

const CALL = `int_${'0'.repeat(26)}`;
const route = defineRoute({
  id: 'test.act',
  method: 'post',
  path: '/api/calls/{interactionId}/act',
  realm: 'workforce',
  caller: 'staff',
  action: 'interaction:end',
  resource: { type: 'Interaction', param: 'interactionId' },
  summary: 'Acts.',
  params: z.object({ interactionId: idOf('int') }),
  body: z.object({ amount: z.number().max(10) }).strict(),
  reply: z.object({ done: z.boolean() }),
  status: 201,
  problems: [],
});
const events = defineRoute({
  id: 'test.events',
  method: 'get',
  path: '/api/events',
  realm: 'workforce',
  caller: 'staff',
  action: 'self:read',
  summary: 'Events.',
  reply: 'events',
  status: 200,
  problems: [],
});

const good: RawRequest = {
  method: 'POST',
  path: `/api/calls/${CALL}/act`,
  headers: {
    authorization: 'staff',
    'content-type': 'application/json',
    origin: 'http://staff.localhost:4400',
  },
  body: '{"amount":3}',
};
const but = (change: Partial<RawRequest>, headers: Record<string, string> = {}): RawRequest => ({
  ...good,
  ...change,
  headers: { ...good.headers, ...headers },
});

let edge: TestEdge;
afterEach(async () => {
  vi.useRealTimers();
  await edge.server.close();
});

async function serve(act: () => Promise<unknown>, change: { permit?: boolean } = {}) {
  const mounted: MountedRoute = {
    route,
    handler: async () => {
      edge.steps.push('handler');
      return act();
    },
  };
  edge = await openEdge([mounted], change);
  return (ask: RawRequest) => send(edge.server.port, ask);
}
const well = async () => ({ done: true });
const codeOf = (text: string): unknown => (JSON.parse(text) as { code?: string }).code; // a problem body

describe('a mounted route', () => {
  it('asks who calls, then whether it is permitted, then acts', async () => {
    const ask = await serve(well);
    const { status, text, headers } = await ask(good);
    expect(status).toBe(201);
    expect(JSON.parse(text)).toEqual({ done: true });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['request-id']).toMatch(/^req_/);
    expect(edge.steps).toEqual(['caller', `decision Interaction ${CALL}`, 'handler']);
    expect(edge.ends).toMatchObject([{ routeId: 'test.act', status: 201 }]);
  });

  // Each refusal, and how far the request got before it.
  it.each<[string, RawRequest, string, string[]]>([
    ['another origin', but({}, { origin: 'http://evil.test' }), 'request.cross-origin', []],
    ['an opaque origin', but({}, { origin: 'null' }), 'request.cross-origin', []],
    [
      'the other realm',
      but({}, { origin: 'http://customers.localhost:4400' }),
      'request.cross-origin',
      [],
    ],
    ['nobody', but({}, { authorization: '' }), 'token.missing', ['caller']],
    ['an id that is none', but({ path: '/api/calls/1/act' }), 'request.malformed', ['caller']],
    ['an unknown member', but({ body: '{"amount":3,"x":1}' }), 'request.malformed', ['caller']],
    ['a value out of bounds', but({ body: '{"amount":11}' }), 'request.malformed', ['caller']],
    [
      'another type',
      but({}, { 'content-type': 'text/plain' }),
      'request.unsupported-type',
      ['caller'],
    ],
  ])('refuses %s before anything further', async (...[, asked, code, steps]) => {
    const ask = await serve(well);
    const { text, headers } = await ask(asked);
    expect(codeOf(text)).toBe(code);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(edge.steps).toEqual(steps);
  });

  it('does not act when it is not permitted', async () => {
    const ask = await serve(well, { permit: false });
    expect(await ask(good)).toMatchObject({ status: 403 });
    expect(edge.steps).not.toContain('handler');
  });

  it('lets nothing out that is not in the contract', async () => {
    const ask = await serve(async () => ({ done: true, cardToken: 'tok_1' }));
    expect(JSON.parse((await ask(good)).text)).toEqual({ done: true });
  });

  it.each([
    ['a foreign error', () => Promise.reject(new Error('select secret from cards'))],
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- that is what is tested
    ['what is no error', () => Promise.reject('secret')],
    ['an answer of another form', async () => ({ done: 'secret' })],
    [
      'an inner text',
      () => Promise.reject(new ProblemError('server.failed', { internal: 'secret' })),
    ],
  ])('answers %s with server.failed and nothing of the inside', async (_, act) => {
    const ask = await serve(act);
    const { status, text } = await ask(good);
    expect(status).toBe(500);
    expect(codeOf(text)).toBe('server.failed');
    expect(text).not.toMatch(/secret|stack|at .*\.ts/);
    expect(edge.ends).toMatchObject([{ status: 500, code: 'server.failed' }]);
  });

  it('answers after 15 s at the latest, and says that it may still happen', async () => {
    const ask = await serve(() => new Promise(() => {}));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = ask(good);
    while (!edge.steps.includes('handler')) await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(15_000);
    const { status, text } = await asked;
    expect(status).toBe(503);
    expect(JSON.parse(text)).toMatchObject({
      code: 'server.busy',
      detail: expect.stringContaining('may still happen'),
    });
  });
});

describe('a stream of events', () => {
  it('runs on after the time limit of answers, and tells its source when the reader leaves', async () => {
    const left = Promise.withResolvers<string>();
    const waits: (() => void)[] = [];
    async function* tick() {
      try {
        for (let n = 0; ; n += 1) {
          yield { event: 'tick', data: { n } };
          await new Promise<void>((resolve) => waits.push(resolve));
        }
      } finally {
        left.resolve('left');
      }
    }
    edge = await openEdge([handle(events, async () => tick())]);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const incoming = await open(edge.server.port, {
      path: '/api/events',
      headers: { authorization: 'staff' },
    });
    let heard = '';
    incoming.on('data', (chunk) => (heard += String(chunk)));
    incoming.on('error', () => {});
    const hears = async (text: string) => {
      while (!heard.includes(text)) await new Promise((resolve) => setImmediate(resolve));
    };
    await hears('event: tick\ndata: {"n":0}\n\n');
    await vi.advanceTimersByTimeAsync(60_000);
    vi.useRealTimers();
    waits.shift()?.();
    await hears('{"n":1}');
    incoming.destroy();
    // The source hears of it at its next turn.
    await delay(50);
    for (const wait of waits.splice(0)) wait();
    expect(await left.promise).toBe('left');
  });

  it('that breaks just ends: its error goes to the log and not to the reader', async () => {
    async function* broken() {
      yield { event: 'tick', data: {} };
      throw new Error('row of a secret');
    }
    edge = await openEdge([handle(events, async () => broken())]);
    const { status, text } = await send(edge.server.port, {
      path: '/api/events',
      headers: { authorization: 'staff' },
    });
    expect(status).toBe(200);
    expect(text).toBe('event: tick\ndata: {}\n\n');
    expect(edge.ends).toMatchObject([{ status: 200 }, { status: 500, code: 'server.failed' }]);
  });

  it('asked for by HEAD is closed at once, not left open unread', async () => {
    let closed = 0;
    const source = {
      next: () => new Promise<never>(() => {}),
      return: async () => {
        closed += 1;
        return { done: true as const, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
    edge = await openEdge([handle(events, async () => source)]);
    const headers = { authorization: 'staff' };
    const { status, text } = await send(edge.server.port, {
      method: 'HEAD',
      path: '/api/events',
      headers,
    });
    expect([status, text, closed]).toEqual([200, '', 1]);
  });
});
