import { request } from 'node:http';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  SignJWT,
  type JWK,
  type JWTPayload,
} from 'jose';
import { createDpopProof, generateDpopKeys, type DpopKeys } from '@proofline/enforce/client';
import type { EnforcementResult, Question } from '@proofline/enforce';
import { newId, systemClock, systemRandom, type Id } from '@proofline/kernel';
import type { Decision } from '@proofline/protocol';
import { readGatewayConfig, startGateway } from '../index.ts';

export const gatewayOrigin = 'http://gateway.localhost:4410';
export const staffOrigin = 'http://staff.localhost:4400';
export const metricsToken = 'metrics-token-of-this-test-only-0000';
const upstreamOrigin = 'http://127.0.0.1:4420';
const ids = { clock: systemClock, random: systemRandom };

/** A small system to guard. */
const description = {
  openapi: '3.1.0',
  paths: {
    '/customers': { get: { operationId: 'search', parameters: [] } },
    '/customers/{accountNumber}': {
      parameters: [
        {
          name: 'accountNumber',
          in: 'path',
          required: true,
          schema: { type: 'string', pattern: '^A-[0-9]+$' },
        },
      ],
      get: {
        operationId: 'read',
        parameters: [{ name: 'since', in: 'query', schema: { type: 'string', maxLength: 10 } }],
      },
      delete: { operationId: 'remove' },
      post: {
        operationId: 'refund',
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Order' } } },
        },
      },
    },
  },
  components: {
    schemas: {
      Order: {
        type: 'object',
        required: ['amountCents', 'reason'],
        properties: { amountCents: { type: 'integer', minimum: 1 }, reason: { type: 'string' } },
      },
    },
  },
};

const mapping = {
  resource: { type: 'Account', parameter: 'accountNumber' },
  operations: {
    read: {
      action: 'account:read',
      fields: {
        '/plan': { category: 'plan' },
        '/name': { category: 'contact', mask: 'name' },
        '/cardToken': { category: 'payment-token' },
      },
    },
    refund: {
      action: 'refund:initiate',
      facts: { amountCents: '/amountCents', reasonCode: '/reason' },
      forwardHeaders: ['idempotency-key'],
      fields: { '/refundId': { category: 'invoice' } },
    },
  },
};

export interface UpstreamCall {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
}

/** What the stand-ins do next; each test changes what it is about. */
export interface Script {
  decide(question: Question): object | Promise<object>;
  upstream(call: UpstreamCall): Response | Promise<Response>;
  durable: boolean;
  /** What the PDP says to a result: whether session, grant and call still live. */
  stillPermitted: boolean;
}

export interface World {
  readonly script: Script;
  readonly questions: Question[];
  readonly results: EnforcementResult[];
  readonly upstreamCalls: UpstreamCall[];
  readonly logLines: string[];
  readonly keys: DpopKeys;
  readonly grantClaims: JWTPayload;
  grant(claims?: JWTPayload, key?: CryptoKey): Promise<string>;
  call(sent: Sent): Promise<Received>;
  stop(): Promise<void>;
}

export interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: unknown;
  /** `null`: none. */
  readonly token?: string | null;
  readonly proof?: string | null;
}

export interface Received {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

export function decisionFor(question: Question, overrides: object = {}): Decision {
  return {
    decisionId: newId('dec', ids),
    evidenceId: newId('evt', ids),
    effect: 'permit',
    forbidden: false,
    // The PDP echoes the question.
    action: question.action.name,
    resource: question.resource,
    reasons: [],
    remedies: [],
    obligations: {
      fields: { visible: ['plan', 'invoice'], masked: ['contact'], hidden: ['payment-token'] },
    },
    release: { sequence: 1, digest: 'd' },
    decidedAt: new Date(systemClock.now()).toISOString(),
    ...overrides,
  };
}

interface Signing {
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

async function createSigning(): Promise<Signing> {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'ES256' };
  return { privateKey: pair.privateKey, publicJwk };
}

function send(port: number, path: string, sent: Sent & { text?: string }): Promise<Received> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: sent.method ?? 'GET',
        headers: {
          host: new URL(gatewayOrigin).host,
          ...(sent.text === undefined
            ? {}
            : { 'content-length': String(Buffer.byteLength(sent.text)) }),
          ...sent.headers,
        },
      },
      (incoming) => {
        let text = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => (text += chunk));
        incoming.on('end', () => {
          const isJson = incoming.headers['content-type']?.includes('json') ?? false;
          // The gateway's JSON answers are objects, or arrays read by index.
          const body = isJson ? (JSON.parse(text) as Record<string, unknown>) : {};
          resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, body });
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(sent.text);
  });
}

/** The issuer's keys and tokens, and the PDP that does as the script says. */
function createControlPlane(
  of: Pick<World, 'script' | 'questions' | 'results'> & { signing: Signing },
) {
  const { script, questions, results, signing } = of;
  return async (url: string, init: RequestInit): Promise<Response> => {
    const { pathname } = new URL(url);
    if (pathname === '/oidc/jwks') return Response.json({ keys: [signing.publicJwk] });
    if (pathname === '/oidc/token') {
      return Response.json({ access_token: 'service-token-of-this-test', expires_in: 300 });
    }
    if (pathname === '/readyz') return new Response('ready');
    if (new Headers(init.headers).get('authorization') !== 'DPoP service-token-of-this-test') {
      return new Response('', { status: 401 });
    }
    const body: unknown = JSON.parse(String(init.body));
    if (pathname === '/access/v1/evaluation') {
      questions.push(body as Question); // what the gateway has just written
      return Response.json(await script.decide(body as Question));
    }
    results.push(body as EnforcementResult);
    return script.durable
      ? Response.json(
          { evidenceId: newId('evt', ids), stillPermitted: script.stillPermitted },
          { status: 201 },
        )
      : new Response('', { status: 503 });
  };
}

/** A grant of case and account A-1, bound to these keys. */
async function createGrantClaims(keys: DpopKeys): Promise<JWTPayload> {
  const jkt = await calculateJwkThumbprint(await exportJWK(keys.publicKey));
  const nowSeconds = Math.floor(systemClock.now() / 1000);
  return {
    iss: `${staffOrigin}/oidc`,
    aud: gatewayOrigin,
    sub: newId('stf', ids),
    client_id: 'console',
    jti: newId('grt', ids),
    iat: nowSeconds,
    exp: nowSeconds + 300,
    sid: newId('ses', ids),
    grant_id: newId('grt', ids),
    cnf: { jkt },
    authorization_details: [
      {
        type: 'proofline_case',
        case_id: newId('cse', ids),
        account_number: 'A-1',
        interaction_id: newId('int', ids) satisfies Id<'int'>,
        proof_id: newId('prf', ids),
        actions: ['account:read', 'refund:initiate'],
      },
    ],
  };
}

/** A gateway on a real port between a scripted control plane and a scripted guarded system. */
export async function createWorld(): Promise<World> {
  const signing = await createSigning();
  const client = await createSigning();
  const keys = await generateDpopKeys();
  const questions: Question[] = [];
  const results: EnforcementResult[] = [];
  const upstreamCalls: UpstreamCall[] = [];
  const logLines: string[] = [];
  const script: Script = {
    decide: (question) => {
      const decision = decisionFor(question);
      return { decision: true, context: { proofline: decision } };
    },
    upstream: () =>
      Response.json({ plan: 'Fibre', name: 'Anna Berg', cardToken: 't', secret: 's' }),
    durable: true,
    stillPermitted: true,
  };
  const controlPlane = createControlPlane({ script, questions, results, signing });
  const mappingPath = join(mkdtempSync(join(tmpdir(), 'gateway-')), 'mapping.json');
  writeFileSync(mappingPath, JSON.stringify(mapping));
  const clientJwk = { ...(await exportJWK(client.privateKey)), kid: 'gateway-1' };
  const log = (entry: object) => void logLines.push(JSON.stringify(entry));
  const gateway = await startGateway(
    readGatewayConfig({
      PROOFLINE_STAFF_ORIGIN: staffOrigin,
      PROOFLINE_GATEWAY_ORIGIN: gatewayOrigin,
      GATEWAY_LISTEN_PORT: '0',
      GATEWAY_CLIENT_ID: newId('svc', ids),
      GATEWAY_CLIENT_KEY: JSON.stringify(clientJwk),
      GATEWAY_UPSTREAM_ORIGIN: upstreamOrigin,
      GATEWAY_UPSTREAM_API_KEY: 'upstream-key-of-this-test',
      GATEWAY_MAPPING: mappingPath,
      GATEWAY_METRICS_TOKEN: metricsToken,
    }),
    {
      clock: systemClock,
      random: systemRandom,
      logger: { info: log, warn: log, error: log },
      fetch: async (url, init) => {
        if (!url.startsWith(upstreamOrigin)) return controlPlane(url, init);
        if (url.endsWith('/openapi.json')) return Response.json(description);
        const headers = new Headers(init.headers);
        const call = { method: init.method ?? 'GET', url, headers, body: String(init.body ?? '') };
        upstreamCalls.push(call);
        return script.upstream(call);
      },
    },
  );
  const grantClaims = await createGrantClaims(keys);
  const grant = (claims: JWTPayload = {}, key = signing.privateKey) =>
    new SignJWT({ ...grantClaims, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' })
      .sign(key);
  return {
    script,
    questions,
    results,
    upstreamCalls,
    logLines,
    keys,
    grantClaims,
    grant,
    async call(sent) {
      const path = sent.path ?? '/customers/A-1';
      const token = sent.token === undefined ? await grant() : (sent.token ?? undefined);
      const target = {
        method: sent.method ?? 'GET',
        url: gatewayOrigin + path,
        ...(token === undefined ? {} : { accessToken: token }),
      };
      const proof =
        sent.proof === undefined ? await createDpopProof(keys, target, ids) : sent.proof;
      return send(gateway.port, path, {
        ...sent,
        headers: {
          ...(token === undefined ? {} : { authorization: `DPoP ${token}` }),
          ...(proof === null ? {} : { dpop: proof }),
          ...(sent.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...sent.headers,
        },
        ...(sent.body === undefined
          ? {}
          : { text: typeof sent.body === 'string' ? sent.body : JSON.stringify(sent.body) }),
      });
    },
    stop: () => gateway.stop(),
  };
}
