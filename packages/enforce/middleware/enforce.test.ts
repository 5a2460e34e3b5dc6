import { Hono } from 'hono';
import {
  createLocalJWKSet,
  exportJWK,
  calculateJwkThumbprint,
  generateKeyPair,
  SignJWT,
} from 'jose';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import { dpopFetch, generateDpopKeys, signRequest, type DpopKeys } from '../client/index.ts';
import {
  certificateThumbprint,
  contentDigest,
  createMemoryReplayStore,
  createPdpClient,
  enforce,
  type EnforcementResult,
  type PdpClient,
  type Reported,
  type Verdict,
} from '../index.ts';

const ports = { clock: systemClock, random: systemRandom };
const issuer = 'https://staff.example/oidc';
const audience = 'https://billing.example';
let keys: DpopKeys;
let token: string;
let mintFor: (cnf: object) => Promise<string>;
let jwks: ReturnType<typeof createLocalJWKSet>;
let reports: EnforcementResult[];
let handled: number;

function decision(overrides: Partial<Decision> = {}): Decision {
  return {
    decisionId: newId('dec', ports),
    evidenceId: newId('evt', ports),
    effect: 'permit',
    forbidden: false,
    action: 'invoice:read',
    resource: { type: 'Account', id: 'A-1' },
    reasons: [],
    remedies: [],
    obligations: { fields: { visible: ['invoice'], masked: [], hidden: [] } },
    release: { sequence: 1, digest: 'd' },
    decidedAt: '2026-11-02T09:00:00.000Z',
    ...overrides,
  };
}

beforeAll(async () => {
  keys = await generateDpopKeys();
  const pair = await generateKeyPair('ES256', { extractable: true });
  jwks = createLocalJWKSet({ keys: [await exportJWK(pair.publicKey)] });
  const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
  mintFor = (cnf) =>
    new SignJWT({ client_id: 'console', sid: 'ses_1', cnf })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject('stf_1')
      .setJti('j')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(pair.privateKey);
  token = await mintFor({ jkt });
});
beforeEach(() => {
  reports = [];
  handled = 0;
});

function appWith(verdict: Verdict, reported: Reported = 'show') {
  const pdp: PdpClient = {
    evaluate: async () => verdict,
    report: async (result) => {
      reports.push(result);
      return reported;
    },
  };
  const guard = enforce({
    issuer,
    audience,
    jwks,
    pdp,
    clock: systemClock,
    replayStore: createMemoryReplayStore(100, systemClock),
  });
  const app = new Hono();
  const rule = {
    action: 'invoice:read',
    resourceType: 'Account',
    param: 'account',
    fields: { '/*/amountCents': { category: 'invoice' } },
  } as const;
  app.on(['GET', 'POST'], '/invoices/:account', guard(rule), (c) => {
    handled += 1;
    return c.json([{ amountCents: 900, memo: 'private' }]);
  });
  const call = dpopFetch({
    keys,
    accessToken: () => token,
    fetch: async (url, init) => app.fetch(new Request(url, init)),
  });
  const ask = (method: string) => call('https://billing.example/invoices/A-1', { method });
  return { app, get: () => ask('GET'), post: () => ask('POST') };
}

describe('enforce()', () => {
  it('shows what the decision lets be seen, and reports it first', async () => {
    const made = decision();
    const response = await appWith({ effect: 'permit', decision: made }).get();
    expect(await response.json()).toEqual([{ amountCents: 900 }]);
    expect(reports).toEqual([
      {
        decisionId: made.decisionId,
        outcome: 'completed',
        upstreamStatus: 200,
        fields: { visible: ['invoice'], masked: [], hidden: [] },
        rows: 1,
      },
    ]);
  });
  it('does not run the handler without a token, without a proof, or on a deny', async () => {
    const { app, get } = appWith({ effect: 'deny', because: 'refused' });
    const bare = await app.fetch(new Request('https://billing.example/invoices/A-1'));
    expect(await bare.json()).toMatchObject({ code: 'token.missing', status: 401 });
    const unproved = await app.fetch(
      new Request('https://billing.example/invoices/A-1', {
        headers: { authorization: `DPoP ${token}` },
      }),
    );
    expect(await unproved.json()).toMatchObject({ code: 'token.proof-missing' });
    expect(unproved.headers.get('www-authenticate')).toContain('invalid_dpop_proof');
    expect(await (await get()).json()).toMatchObject({ code: 'access.denied', status: 403 });
    expect(handled).toBe(0);
  });
  it('tells a silent PDP from a refusal, lets nothing through, and says when to ask again', async () => {
    const silent = await appWith({ effect: 'deny', because: 'unavailable' }).get();
    expect(await silent.json()).toMatchObject({ code: 'decision.unavailable', status: 503 });
    expect(silent.headers.get('retry-after')).toBe('2');
    for (const because of ['refused', 'not-understood', 'cannot-carry-out'] as const) {
      const response = await appWith({ effect: 'deny', because }).get();
      expect(await response.json()).toMatchObject({ code: 'access.denied', status: 403 });
      expect(response.headers.get('retry-after')).toBeNull();
    }
    expect(handled).toBe(0);
    expect(reports).toEqual([]);
  });
  it('challenges for a fresh proof when only that is missing (RFC 9470)', async () => {
    const remedies = [{ kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 }] as const;
    const denied = decision({ effect: 'deny', remedies: [...remedies] });
    const response = await appWith({ effect: 'deny', because: 'decided', decision: denied }).get();
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toContain('acr_values="phr", max_age="60"');
    expect(await response.json()).toMatchObject({ code: 'access.step-up', remedies });
  });
  it('explains a refusal that signing in again cannot turn', async () => {
    const denied = decision({
      effect: 'deny',
      reasons: [{ policy: 'p', effect: 'forbid', text: 'because' }],
      remedies: [
        { kind: 'agent.step-up', acr: 'phr', maxAgeSeconds: 60 },
        { kind: 'customer.proof', maxAgeSeconds: 300 },
      ],
    });
    const response = await appWith({ effect: 'deny', because: 'decided', decision: denied }).get();
    expect(response.status).toBe(403);
    expect(response.headers.get('www-authenticate')).toBeNull();
    expect(await response.json()).toMatchObject({ code: 'access.denied', reasons: denied.reasons });
  });
  it('shows nothing when the evidence is not durable', async () => {
    const response = await appWith({ effect: 'permit', decision: decision() }, 'unavailable').get();
    expect(await response.json()).toMatchObject({ code: 'evidence.unavailable', status: 503 });
  });
  it('shows nothing when what the permit rested on has ended while the handler ran', async () => {
    const response = await appWith({ effect: 'permit', decision: decision() }, 'ended').get();
    expect(response.status).toBe(401);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'grant.ended' });
    expect(text).not.toContain('900');
    expect(handled).toBe(1);
  });
  it('owns up to a change whose answer it withholds, and says nothing of a read', async () => {
    const world = appWith({ effect: 'permit', decision: decision() }, 'ended');
    expect(await (await world.get()).json()).not.toHaveProperty('detail');
    const changed = await (await world.post()).json();
    expect(changed).toMatchObject({ code: 'grant.ended' });
    expect(changed).toHaveProperty('detail', expect.stringContaining('has carried it out'));
  });
  it('takes a token that is bound to a certificate from that connection alone', async () => {
    const shown = new TextEncoder().encode('the DER of a certificate');
    const bound = await mintFor({ 'x5t#S256': await certificateThumbprint(shown) });
    const statusFor = async (certificate: typeof shown | undefined, authorization: string) => {
      const pdp: PdpClient = {
        evaluate: async () => ({ effect: 'deny', because: 'refused' }),
        report: async () => 'show',
      };
      const replayStore = createMemoryReplayStore(100, systemClock);
      const guard = enforce({
        issuer,
        audience,
        jwks,
        pdp,
        clock: systemClock,
        replayStore,
        certificateOf: () => certificate,
      });
      const app = new Hono();
      const rule = {
        action: 'invoice:read',
        resourceType: 'Account',
        param: 'a',
        fields: {},
      } as const;
      app.get('/invoices/:a', guard(rule), (c) => c.json([]));
      const url = 'https://billing.example/invoices/A-1';
      return (await app.fetch(new Request(url, { headers: { authorization } }))).status;
    };
    // Who is let in is asked about, and refused by this PDP.
    expect(await statusFor(shown, `Bearer ${bound}`)).toBe(403);
    const another = new TextEncoder().encode('the DER of another one');
    for (const [certificate, authorization] of [
      [another, `Bearer ${bound}`],
      [undefined, `Bearer ${bound}`],
      [shown, `DPoP ${bound}`],
      [shown, `Bearer ${token}`],
    ] as const)
      expect(await statusFor(certificate, authorization)).toBe(401);
  });
  it('takes a signed request with the body that was signed, also where no header announces one', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA');
    const jwk = await exportJWK(publicKey);
    const by = { privateKey, kid: await calculateJwkThumbprint(jwk) };
    const authorization = `Bearer ${await mintFor({ jwk })}`;
    const url = `${audience}/invoices/A-1`;
    const bytes = (amountCents: number) =>
      new TextEncoder().encode(`{"amountCents":${amountCents}}`);
    // A platform’s Request, as of HTTP/2, has neither Content-Length nor Transfer-Encoding.
    const post = async (signed: Uint8Array<ArrayBuffer> | undefined, sent: typeof signed) => {
      const target = { method: 'POST', url, authorization, ...(signed && { body: signed }) };
      const own = await signRequest(by, target, ports);
      const digest = sent ? { 'content-digest': await contentDigest(sent) } : {};
      const headers = { authorization, ...digest, ...own };
      const { app } = appWith({ effect: 'permit', decision: decision() });
      const request = new Request(url, { method: 'POST', headers, ...(sent && { body: sent }) });
      expect(request.headers.has('content-length')).toBe(false);
      return (await app.fetch(request)).status;
    };
    expect(await post(bytes(1), bytes(1))).toBe(200);
    expect(await post(undefined, undefined)).toBe(200);
    expect(handled).toBe(2);
    // Slipped in with a digest of its own, changed, and left out.
    expect(await post(undefined, bytes(2))).toBe(401);
    expect(await post(bytes(1), bytes(2))).toBe(401);
    expect(await post(bytes(1), undefined)).toBe(401);
    expect(handled).toBe(2);
  });
  it('shows nothing when the plan is missing', async () => {
    const response = await appWith({
      effect: 'permit',
      decision: decision({ obligations: {} }),
    }).get();
    expect(await response.json()).toEqual([{}]);
  });
});

describe('the PDP client', () => {
  const question = {
    subject: { type: 'Staff', id: 'stf_1' },
    action: { name: 'invoice:read' },
    resource: { type: 'Account', id: 'A-1' },
  };
  const asking = (answer: () => Promise<Response>) =>
    createPdpClient({ origin: 'https://staff.example', fetch: answer });
  const answering = (decided: boolean, made: object) =>
    asking(async () => Response.json({ decision: decided, context: { proofline: made } }));

  it('permits only a permit for the very question that it understands whole', async () => {
    expect(await answering(true, decision()).evaluate(question)).toMatchObject({
      effect: 'permit',
    });
    const cases: [string, PdpClient][] = [
      ['decided', answering(false, decision({ effect: 'deny' }))],
      ['not-understood', answering(true, decision({ effect: 'deny' }))],
      ['not-understood', answering(false, decision())],
      ['not-understood', answering(true, decision({ action: 'refund:initiate' }))],
      ['not-understood', answering(true, decision({ resource: { type: 'Account', id: 'B' } }))],
      ['not-understood', answering(true, {})],
      ['cannot-carry-out', answering(true, { ...decision(), obligations: { watermark: true } })],
      ['unavailable', asking(async () => Response.json(decision(), { status: 503 }))],
      ['refused', asking(async () => Response.json(decision(), { status: 403 }))],
      ['unavailable', asking(async () => new Response('x'.repeat(70_000)))],
      ['unavailable', asking(async () => Promise.reject(new Error('down')))],
    ];
    for (const [because, pdp] of cases) {
      expect(await pdp.evaluate(question)).toMatchObject({ effect: 'deny', because });
    }
  });
  it('denies a permit that obliges to something that it does not know', async () => {
    const { fields } = decision().obligations;
    const plan = {
      type: 'custom',
      properties: { vendor: 'proofline', kind: 'field-plan', ...fields },
    };
    const obliged = (obligations: unknown) =>
      asking(async () =>
        Response.json({ decision: true, context: { obligations, proofline: decision() } }),
      ).evaluate(question);
    const carriedOut = [
      [],
      [plan],
      [{ ...plan, id: 'fields', fulfillment: 'required' }],
      [{ type: 'watermark', fulfillment: 'best_effort' }],
      [plan, { type: 'notification', fulfillment: 'advisory', properties: { to: 'x', body: 'y' } }],
    ];
    for (const obligations of carriedOut) {
      expect(await obliged(obligations)).toMatchObject({ effect: 'permit' });
    }
    const notCarriedOut = [
      [{ type: 'watermark', fulfillment: 'required' }],
      [{ type: 'notification', properties: { to: 'x', body: 'y' } }],
      [plan, { type: 'session_termination', properties: { subject: 'stf_1' } }],
      [{ type: 'custom', properties: { ...plan.properties, vendor: 'another' } }],
      [{ type: 'custom', properties: { ...plan.properties, visible: ['invoice', 'health'] } }],
      [{ ...plan, fulfillment: 'required', properties: { ...plan.properties, more: 1 } }],
      [{ type: 'watermark', fulfillment: 'BEST_EFFORT' }],
      [{ type: 'step-up', fulfillment: 'required', properties: { acr_value: 'phrh' } }],
    ];
    for (const obligations of notCarriedOut) {
      expect(await obliged(obligations)).toEqual({ effect: 'deny', because: 'cannot-carry-out' });
    }
    for (const obligations of [{}, 'none', [null], [{}], [{ type: 'x', fulfillment: 1 }], null]) {
      expect(await obliged(obligations)).toEqual({ effect: 'deny', because: 'not-understood' });
    }
  });
  it('tells the PDP what it can carry out', async () => {
    let sent: unknown;
    const pdp = createPdpClient({
      origin: 'https://staff.example',
      fetch: async (_url, init) => {
        sent = JSON.parse(String(init.body));
        return Response.json({});
      },
    });
    await pdp.evaluate({ ...question, context: { grant_id: 'grt_1' } });
    expect(sent).toEqual({
      ...question,
      context: { grant_id: 'grt_1', supported_obligations: ['custom', 'step-up'] },
    });
  });
  it('lets a result be shown only when its evidence is durable and its basis lives', async () => {
    const result: EnforcementResult = {
      decisionId: newId('dec', ports),
      outcome: 'completed',
      upstreamStatus: 200,
    };
    const evidenceId = newId('evt', ports);
    const cases: [Reported, () => Promise<Response>][] = [
      ['show', async () => Response.json({ evidenceId, stillPermitted: true })],
      ['ended', async () => Response.json({ evidenceId, stillPermitted: false })],
      ['unavailable', async () => Response.json({ evidenceId })],
      ['unavailable', async () => Response.json({ stillPermitted: true })],
      ['unavailable', async () => Promise.reject(new Error('down'))],
    ];
    for (const [reported, answer] of cases) {
      expect(await asking(answer).report(result)).toBe(reported);
    }
  });
});
