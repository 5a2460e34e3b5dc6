import { generateKeyPair } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestBase64url } from '@proofline/enforce';
import { createDpopProof, generateDpopKeys } from '@proofline/enforce/client';
import { canonicalJson, systemClock, systemRandom } from '@proofline/kernel';
import {
  createWorld,
  decisionFor,
  gatewayOrigin,
  metricsToken,
  staffOrigin,
  type World,
} from './testing/world.ts';

const ports = { clock: systemClock, random: systemRandom };
let world: World;

beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.stop());

const order = { amountCents: 900, reason: 'goodwill' };
const refund = { method: 'POST', body: order } as const;

describe('a permitted request', () => {
  it('is forwarded with the gateway’s key, filtered, reported, then answered', async () => {
    const answer = await world.call({
      headers: { 'x-api-key': 'mine', cookie: 'a=b', 'x-b': 'c' },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ plan: 'Fibre', name: 'A••• B•••' });
    expect(answer.headers['cache-control']).toBe('no-store');
    const [call] = world.upstreamCalls;
    expect(call?.url).toBe('http://127.0.0.1:4420/customers/A-1');
    expect(Object.fromEntries(call!.headers)).toEqual({
      accept: 'application/json',
      'x-api-key': 'upstream-key-of-this-test',
    });
    expect(world.results).toMatchObject([
      {
        outcome: 'completed',
        upstreamStatus: 200,
        rows: 1,
        fields: { visible: ['plan'], masked: ['contact'], hidden: ['payment-token'] },
      },
    ]);
  });
  it('is put to the PDP with the session, the grant and what the body says', async () => {
    await world.call({ ...refund, headers: { 'idempotency-key': 'k-1' } });
    const [detail] = world.grantClaims['authorization_details'] as { interaction_id: string }[];
    const content = {
      action: 'refund:initiate',
      resource: { type: 'Account', id: 'A-1' },
      interactionId: detail!.interaction_id,
      body: order,
    };
    expect(world.questions).toEqual([
      {
        subject: { type: 'Staff', id: world.grantClaims.sub },
        action: { name: 'refund:initiate' },
        resource: { type: 'Account', id: 'A-1' },
        context: {
          session_id: world.grantClaims['sid'],
          grant_id: world.grantClaims['grant_id'],
          amount_cents: 900,
          reason_code: 'goodwill',
          content_digest: await digestBase64url(canonicalJson(content)),
          supported_obligations: ['custom', 'step-up'],
        },
      },
    ]);
    expect(world.upstreamCalls[0]?.body).toBe(JSON.stringify(order));
    expect(world.upstreamCalls[0]?.headers.get('idempotency-key')).toBe('k-1');
  });
  it('leaves no account number and no name in the log', async () => {
    await world.call({});
    await world.call({ path: '/customers/A-2' });
    expect(world.logLines).toHaveLength(2);
    expect(world.logLines.join()).not.toMatch(/A-1|A-2|Anna|customers/);
    expect(JSON.parse(world.logLines[0]!)).toMatchObject({ operationId: 'read', code: 'ok' });
  });
});

/** Who is refused, and where nothing may have reached the guarded system. */
async function expectRefusal(sent: Parameters<World['call']>[0], code: string): Promise<void> {
  const answer = await world.call(sent);
  expect(answer.body).toMatchObject({ code, status: answer.status });
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(world.upstreamCalls).toEqual([]);
}

describe('limits', () => {
  it('refuse what is too large, of another type, or from another page', async () => {
    const large = JSON.stringify({ ...order, reason: 'x'.repeat(70_000) });
    await expectRefusal({ ...refund, body: large }, 'request.too-large');
    await expectRefusal({ path: `/customers/A-1?since=${'x'.repeat(3000)}` }, 'request.too-large');
    const headers = { 'content-type': 'text/plain' };
    await expectRefusal({ ...refund, headers }, 'request.unsupported-type');
    await expectRefusal({ headers: { origin: 'https://evil.example' } }, 'request.cross-origin');
    await expectRefusal({ headers: { host: 'other.localhost' } }, 'route.unknown');
    const many = Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`x-${at}`, 'y']));
    await expectRefusal({ headers: many }, 'request.too-large');
  });
  it('let the staff origin read, and answer its preflight', async () => {
    const read = await world.call({ headers: { origin: staffOrigin } });
    expect(read.headers['access-control-allow-origin']).toBe(staffOrigin);
    const asked = await world.call({ method: 'OPTIONS', headers: { origin: staffOrigin } });
    expect(asked.status).toBe(204);
    expect(asked.headers['access-control-allow-headers']).toContain('dpop');
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    expect(world.questions).toHaveLength(1);
  });
});

describe('the route', () => {
  it('does not exist unless it is mapped, method by method', async () => {
    const paths = ['/customers', '/openapi.json', '/', '/customers/A-1/', '/customers/A-1%2f..'];
    for (const path of [...paths, '/customers/B-1', '/customers/%41-1%00', '//customers/A-1']) {
      await expectRefusal({ path, proof: 'x' }, 'route.unknown');
    }
    await expectRefusal({ method: 'DELETE' }, 'route.unknown');
    await expectRefusal({ method: 'PUT', body: {} }, 'route.unknown');
  });
});

describe('credentials', () => {
  it('are a grant for this gateway, signed by our issuer, in time', async () => {
    const stranger = (await generateKeyPair('ES256')).privateKey;
    await expectRefusal({ token: null }, 'token.missing');
    await expectRefusal({ headers: { authorization: 'Bearer abc' } }, 'token.invalid');
    await expectRefusal({ token: await world.grant({}, stranger) }, 'token.invalid');
    const elsewhere = { aud: `${staffOrigin}/api` };
    await expectRefusal({ token: await world.grant(elsewhere) }, 'token.invalid');
    const customers = { iss: 'http://customers.localhost:4400/oidc' };
    await expectRefusal({ token: await world.grant(customers) }, 'token.invalid');
    const over = { exp: Math.floor(systemClock.now() / 1000) - 1 };
    await expectRefusal({ token: await world.grant(over) }, 'grant.ended');
    expect(world.questions).toEqual([]);
  });
  it('are a fresh proof by the grant’s own key for this very request', async () => {
    const token = await world.grant();
    const target = { method: 'GET', url: `${gatewayOrigin}/customers/A-1`, accessToken: token };
    const thief = await generateDpopKeys();
    await expectRefusal({ token, proof: null }, 'token.proof-missing');
    const foreign = await createDpopProof(thief, target, ports);
    await expectRefusal({ token, proof: foreign }, 'token.proof-invalid');
    const other = { ...target, url: `${gatewayOrigin}/customers/A-2` };
    const elsewhere = await createDpopProof(world.keys, other, ports);
    await expectRefusal({ token, proof: elsewhere }, 'token.proof-invalid');
    const proof = await createDpopProof(world.keys, target, ports);
    const twice = { dpop: [proof, proof] };
    await expectRefusal({ token, headers: twice }, 'token.proof-invalid');
    expect((await world.call({ token, proof })).status).toBe(200);
    expect((await world.call({ token, proof })).body).toMatchObject({
      code: 'token.proof-replayed',
    });
    expect(world.upstreamCalls).toHaveLength(1);
  });
  it('are a grant and no other token of ours', async () => {
    await expectRefusal({ token: await world.grant({ grant_id: undefined }) }, 'token.invalid');
    await expectRefusal(
      { token: await world.grant({ authorization_details: [] }) },
      'token.invalid',
    );
  });
});

describe('the grant', () => {
  const withoutIds = (text: string) => text.replaceAll(/(req|dec)_[0-9a-z]+/g, '$1');

  it('covers one account: a foreign one and none at all are refused in the same bytes', async () => {
    world.script.decide = (question) => ({
      decision: false,
      context: {
        proofline: decisionFor(question, {
          effect: 'deny',
          reasons: [{ policy: 'x', effect: 'forbid', text: `about ${question.resource.id}` }],
        }),
      },
    });
    const foreign = await world.call({ path: '/customers/A-2' });
    const missing = await world.call({ path: '/customers/A-9999' });
    expect(foreign.status).toBe(403);
    expect(withoutIds(foreign.text)).toBe(withoutIds(missing.text));
    expect(foreign.body).toMatchObject({ code: 'access.denied' });
    expect(world.upstreamCalls).toEqual([]);
    expect(world.questions.map((question) => question.resource.id)).toEqual(['A-2', 'A-9999']);
  });
  it('is enforced even when the PDP would permit, which is reported as not carried out', async () => {
    await expectRefusal({ path: '/customers/A-2' }, 'access.denied');
    expect(world.results).toMatchObject([{ outcome: 'upstream-refused', upstreamStatus: 0 }]);
  });
  it('names its actions', async () => {
    const [detail] = world.grantClaims['authorization_details'] as object[];
    const narrow = [{ ...detail, actions: ['invoice:read'] }];
    const token = await world.grant({ authorization_details: narrow });
    await expectRefusal({ token }, 'access.denied');
  });
});

describe('the input', () => {
  it('has no unknown query, no unknown field, no body where there is none', async () => {
    await expectRefusal({ path: '/customers/A-1?expand=all' }, 'request.malformed');
    await expectRefusal({ path: '/customers/A-1?since=1&since=2' }, 'request.malformed');
    await expectRefusal({ body: {} }, 'request.malformed');
    await expectRefusal({ ...refund, body: '{"amountCents":' }, 'request.malformed');
    await expectRefusal({ ...refund, body: { ...order, extra: 1 } }, 'request.malformed');
    await expectRefusal({ ...refund, body: { reason: 'x' } }, 'request.malformed');
    await expectRefusal({ ...refund, body: { ...order, amountCents: -1 } }, 'request.malformed');
    const deep = `${'['.repeat(60)}${']'.repeat(60)}`;
    await expectRefusal({ ...refund, body: deep }, 'request.too-deep');
    expect(world.questions).toEqual([]);
  });
});

describe('the decision', () => {
  const denying = (overrides: object) => {
    world.script.decide = (question) => ({
      decision: false,
      context: { proofline: decisionFor(question, { effect: 'deny', ...overrides }) },
    });
  };

  it('is a challenge when only the agent’s own fresh proof is missing (RFC 9470)', async () => {
    const remedies = [{ kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 }];
    denying({ remedies });
    const answer = await world.call(refund);
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ code: 'access.step-up', remedies });
    expect(answer.headers['www-authenticate']).toMatch(
      /^DPoP error="insufficient_user_authentication".*acr_values="phr", max_age="60"$/,
    );
    expect(world.upstreamCalls).toEqual([]);
  });
  it('explains a refusal with reasons and remedies', async () => {
    const reasons = [{ policy: 'tier.fresh-proof', effect: 'forbid', text: 'Too old.' }];
    const remedies = [{ kind: 'customer.proof', maxAgeSeconds: 300 }];
    denying({ reasons, remedies });
    const answer = await world.call(refund);
    expect(answer.status).toBe(403);
    expect(answer.body).toMatchObject({ code: 'access.denied', reasons, remedies });
    expect(answer.body['decisionId']).toMatch(/^dec_/);
  });
  it('says that the grant has ended when its call is over', async () => {
    const reasons = [
      { policy: 'context.grant-ended', effect: 'forbid', text: 'The grant has ended.' },
    ];
    denying({ reasons });
    await expectRefusal({}, 'grant.ended');
  });
  it('is a deny when there is none that can be understood and carried out', async () => {
    const permit = (question: Parameters<typeof decisionFor>[0], overrides: object) => ({
      decision: true,
      context: { proofline: decisionFor(question, overrides) },
    });
    world.script.decide = () => ({});
    await expectRefusal({}, 'access.denied');
    // Nobody said no, and nothing was passed on all the same.
    world.script.decide = () => Promise.reject(new Error('down'));
    await expectRefusal({}, 'decision.unavailable');
    world.script.decide = (question) => permit(question, { obligations: { watermark: true } });
    await expectRefusal({}, 'access.denied');
    world.script.decide = (question) => permit(question, { action: 'invoice:read' });
    await expectRefusal({}, 'access.denied');
    const obligations = [{ id: 'o', type: 'watermark', fulfillment: 'required', properties: {} }];
    world.script.decide = (question) => ({
      decision: true,
      context: { obligations, proofline: decisionFor(question) },
    });
    await expectRefusal({}, 'access.denied');
    expect(world.upstreamCalls).toEqual([]);
  });
  it('without a plan of fields shows nothing', async () => {
    world.script.decide = (question) => ({
      decision: true,
      context: { proofline: decisionFor(question, { obligations: {} }) },
    });
    expect((await world.call({})).body).toEqual({});
  });
});

describe('the guarded system', () => {
  it('that fails is reported, and nothing of it is shown', async () => {
    const failures: (() => Response | Promise<Response>)[] = [
      () => Promise.reject(new Error('connection refused')),
      () => new Response('secret stack trace', { status: 500 }),
      () => new Response('<html>secret</html>', { headers: { 'content-type': 'text/html' } }),
      () => new Response('{"secret"', { headers: { 'content-type': 'application/json' } }),
      () => Response.json({ plan: 'secret'.repeat(500_000) }),
      () => new Response('', { status: 401 }),
      () => new Response('', { status: 302, headers: { location: 'https://evil.example' } }),
    ];
    for (const upstream of failures) {
      world.script.upstream = upstream;
      const answer = await world.call({});
      expect(answer.body).toMatchObject({ code: 'upstream.failed', status: 502 });
      expect(answer.text).not.toContain('secret');
      expect(world.results.at(-1)).toMatchObject({ outcome: 'upstream-failed' });
    }
  });
  it('that refuses is reported, and its words are dropped', async () => {
    world.script.upstream = () => Response.json({ error: 'of MH-10002' }, { status: 409 });
    const answer = await world.call(refund);
    expect(answer.body).toMatchObject({ code: 'upstream.refused', status: 422 });
    expect(answer.text).not.toContain('MH-10002');
    expect(world.results).toMatchObject([{ outcome: 'upstream-refused', upstreamStatus: 409 }]);
  });
});

describe('the evidence of the result', () => {
  it('is durable before anything is shown', async () => {
    world.script.durable = false;
    const answer = await world.call({});
    expect(answer.body).toMatchObject({ code: 'evidence.unavailable', status: 503 });
    expect(answer.text).not.toContain('Fibre');
  });
  it('is followed by nothing of the guarded system when the grant has ended meanwhile', async () => {
    world.script.stillPermitted = false;
    const answer = await world.call({});
    expect(answer.body).toMatchObject({ code: 'grant.ended', status: 401 });
    expect(answer.status).toBe(401);
    expect(answer.text).not.toMatch(/Fibre|A•••/);
    expect(answer.headers['proofline-fields']).toBeUndefined();
    expect(world.results).toMatchObject([{ outcome: 'completed' }]);
  });
});

describe('the operator’s pages', () => {
  it('say whether it lives and is ready, and give figures to whoever has the token', async () => {
    await world.call({});
    const page = (path: string, headers = {}) =>
      world.call({ path, token: null, proof: null, headers });
    expect((await page('/healthz')).status).toBe(200);
    expect((await page('/readyz')).status).toBe(200);
    expect((await page('/metrics')).status).toBe(401);
    const figures = await page('/metrics', { authorization: `Bearer ${metricsToken}` });
    expect(figures.text).toContain(
      'proofline_gateway_requests_total{operation="read",code="ok",check="result"} 1',
    );
    expect(figures.text).not.toContain('A-1');
  });
});
