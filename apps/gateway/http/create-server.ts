import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createHash, timingSafeEqual } from 'node:crypto';
import { problemBody, problemHeaders } from '@proofline/enforce';
import { limits } from '@proofline/kernel';
import { followConnections } from '@proofline/kernel/node';
import { ProblemError, type ProblemCode } from '@proofline/protocol';
import type { GatewayRequest } from '../exchange.ts';
import type { Answer } from './answer.ts';
import { createArrivals, type Arrival } from './arrivals.ts';
import { corsHeaders, preflight } from './cors.ts';

/** What the server needs of the gateway. */
export interface GatewayEdge {
  readonly origin: string;
  readonly staffOrigin: string;
  readonly metricsToken: string;
  handle(request: GatewayRequest): Promise<Answer>;
  ready(): Promise<boolean>;
  renderMetrics(): Promise<string>;
}

function problem(code: ProblemCode): Answer {
  const body = problemBody(code);
  return { status: body.status, headers: problemHeaders(code), body: JSON.stringify(body) };
}

function sameText(left: string, right: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

function plain(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

/** The three pages for whoever runs the gateway. */
async function operate(
  edge: GatewayEdge,
  path: string,
  authorization: string,
): Promise<Answer | undefined> {
  if (path === '/healthz') return plain(200, 'ok\n');
  if (path === '/readyz') {
    const ready = await edge.ready();
    return plain(ready ? 200 : 503, ready ? 'ready\n' : 'not ready\n');
  }
  if (path !== '/metrics') return undefined;
  return sameText(authorization, `Bearer ${edge.metricsToken}`)
    ? plain(200, await edge.renderMetrics())
    : problem('token.missing');
}

/** Why the request line or the headers are not taken, if they are not. */
function whyRefused(edge: GatewayEdge, incoming: IncomingMessage): ProblemCode | undefined {
  const { host, origin } = incoming.headers;
  if (host !== new URL(edge.origin).host) return 'route.unknown';
  if (incoming.rawHeaders.length / 2 > limits.headersMaxCount) return 'request.too-large';
  return origin !== undefined && origin !== edge.staffOrigin ? 'request.cross-origin' : undefined;
}

function requestOf(url: URL, incoming: IncomingMessage, arrival: Arrival): GatewayRequest {
  // Without a prototype, so its type is not known: a signature covers names of its maker’s choice, and
  // «constructor» is none of a header here.
  const headers = Object.create(null) as Record<string, string | undefined>;
  for (const [name, value] of Object.entries(incoming.headers)) {
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return { method: incoming.method ?? 'GET', url, headers, body: () => arrival.body() };
}

async function answer(
  edge: GatewayEdge,
  incoming: IncomingMessage,
  arrival: Arrival,
): Promise<Answer> {
  // An absolute-form target or another Host would make the signed URL ambiguous (RFC 9449 §4.3).
  const target = incoming.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) return problem('route.unknown');
  const url = new URL(edge.origin + target);
  if (incoming.method === 'GET') {
    const page = await operate(edge, url.pathname, incoming.headers.authorization ?? '');
    if (page) return page;
  }
  const refusal = whyRefused(edge, incoming);
  if (refusal) return problem(refusal);
  if (incoming.method === 'OPTIONS' && incoming.headers.origin !== undefined) return preflight;
  return edge.handle(requestOf(url, incoming, arrival));
}

/** The HTTP server: limits first, then the pages of the operator, then the table of checks. */
export function createGatewayServer(edge: GatewayEdge): Server {
  const arrivals = createArrivals();
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const arrival = arrivals.begin(incoming);
    let reply: Answer;
    try {
      reply = await answer(edge, incoming, arrival);
    } catch (error) {
      reply = problem(error instanceof ProblemError ? error.code : 'server.failed');
    }
    const { mayStay } = arrival.end();
    outgoing.writeHead(reply.status, {
      ...reply.headers,
      ...corsHeaders(incoming.headers.origin, edge.staffOrigin),
      ...(mayStay ? {} : { connection: 'close' }),
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-site',
      'referrer-policy': 'no-referrer',
    });
    outgoing.end(reply.body);
  };
  const server = createServer(
    {
      maxHeaderSize: limits.headersMaxBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
      // Node looks for late requests this often; its own 30 s would be longer than both limits.
      connectionsCheckingInterval: 1_000,
    },
    (incoming, outgoing) => void serve(incoming, outgoing),
  );
  // Who neither reads nor writes.
  server.setTimeout(limits.connectionIdleMs);
  followConnections(server);
  return server;
}
