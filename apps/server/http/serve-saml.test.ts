import type { Saml } from '@proofline/sessions';
import { afterEach, expect, it } from 'vitest';
import { openEdge, type TestEdge } from '../testing/open-edge.ts';
import { send } from '../testing/raw-request.ts';

let edge: TestEdge | undefined;
afterEach(() => edge?.server.close());

type Request = Parameters<Saml['handle']>[0];

async function open() {
  const seen: Request[] = [];
  const saml: Saml = {
    async handle(request) {
      seen.push(request);
      const headers = {
        'content-security-policy': "default-src 'none'",
        'set-cookie': ['a=1', 'b=2'],
      };
      return { status: 200, headers, body: 'x' };
    },
    prepareLogout: async () => undefined,
  };
  edge = await openEdge([], { saml });
  return { port: edge.server.port, steps: edge.steps, seen };
}

it('hands over what was sent as it was sent, and keeps the answer’s own policy', async () => {
  const { port, steps, seen } = await open();
  const body = 'SAMLRequest=x&RelayState=a%20b';
  const answer = await send(port, {
    method: 'POST',
    path: '/saml/sso?a=%2F+b',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: 'c=1' },
    body,
  });
  expect(answer).toMatchObject({ status: 200, text: 'x' });
  expect(answer.headers).toMatchObject({
    'content-security-policy': "default-src 'none'",
    'set-cookie': ['a=1', 'b=2'],
  });
  expect(steps).toContain('rate');
  const [request] = seen;
  expect({ ...request, body: Buffer.from(request!.body).toString() }).toEqual({
    method: 'POST',
    path: '/saml/sso',
    query: 'a=%2F+b',
    cookie: 'c=1',
    contentType: 'application/x-www-form-urlencoded',
    body,
  });
});

it('reads no body that is larger than a message, and nothing at all on the customers’ host', async () => {
  const { port, seen } = await open();
  const large = await send(port, { method: 'POST', path: '/saml/slo', body: 'x'.repeat(70_000) });
  expect(large.status).toBe(413);
  const host = 'customers.localhost:4400';
  expect((await send(port, { path: '/saml/metadata', headers: { host } })).status).toBe(404);
  expect(seen).toEqual([]);
});

it('is not there without a key', async () => {
  edge = await openEdge([]);
  const answer = await send(edge.server.port, { path: '/saml/metadata' });
  expect(answer.status).toBe(404);
});
