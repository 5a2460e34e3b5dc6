import type { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { HttpBindings } from '@hono/node-server';
import { holdsSignedBody } from '@proofline/enforce';
import { limits, newId, type Clock, type Id, type Random } from '@proofline/kernel';
import type { Decider, DecisionInput, PermitDecider } from '@proofline/decisions';
import {
  ProblemError,
  unattendedHeader,
  type Caller,
  type MountedRoute,
  type Route,
} from '@proofline/protocol';
import { trace, type Span } from '@opentelemetry/api';
import type { Context, Hono } from 'hono';
import type { z } from 'zod';
import type { CallerAuthenticator, RequestFacts } from './authenticator.ts';
import type { CallerLimit } from './caller-limit.ts';
import type { AddressOf } from './client-address.ts';
import { exchangeOf } from './exchange.ts';
import type { Intake } from './intake.ts';
import { problemOf, replyProblem } from './problem-reply.ts';
import { proveCaller } from './prove-caller.ts';
import { inspectJson, readJson } from './read-json.ts';
import { sendReply } from './send-reply.ts';

type ServerContext = Context<{ Bindings: HttpBindings }>;

/** What the edge needs to serve a route. */
export interface Edge {
  readonly origins: Readonly<Record<'workforce' | 'customers', string>>;
  readonly authenticate: CallerAuthenticator;
  readonly decider: Pick<Decider, 'require'> & PermitDecider;
  /** For callers who have proved nothing. */
  readonly rateLimit: CallerLimit;
  readonly addressOf: AddressOf;
  /** The certificate that a connection has shown, at the door for those; absent: nobody’s is looked at. */
  readonly certificateOf?: (incoming: IncomingMessage) => X509Certificate | undefined;
  readonly intake: Intake;
  readonly clock: Clock;
  readonly random: Random;
  /** Told how each request ended: for logs and metrics, without paths or identities. */
  readonly observe: (end: RequestEnd) => void;
}

export interface RequestEnd {
  readonly routeId: string;
  readonly requestId: Id<'req'>;
  readonly status: number;
  readonly code: string | undefined;
  readonly durationMs: number;
  readonly error: unknown;
}

/** What is read of a media type that is JSON by another name. */
const JSON_TYPE = 'application/json';

const tracer = trace.getTracer('proofline');

/** Serves one route of the contract: who calls → what is asked → whether it is permitted → handler. */
export function mountRoute(
  app: Hono<{ Bindings: HttpBindings }>,
  mounted: MountedRoute,
  edge: Edge,
): void {
  const { route } = mounted;
  const path = route.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(route.method.toUpperCase(), path, (c) =>
    tracer.startActiveSpan(`route ${route.id}`, (span) => serve({ c, mounted, edge, span })),
  );
}

interface Serving {
  readonly c: ServerContext;
  readonly mounted: MountedRoute;
  readonly edge: Edge;
  readonly span: Span;
}

async function serve({ c, mounted, edge, span }: Serving): Promise<Response> {
  const requestId = newId('req', edge);
  const startedAt = edge.clock.now();
  const tell = (status: number, code?: string, error?: unknown) => {
    const durationMs = edge.clock.now() - startedAt;
    edge.observe({ routeId: mounted.route.id, requestId, status, code, durationMs, error });
  };
  const end = (status: number, code?: string, error?: unknown) => {
    span.setAttribute('http.response.status_code', status);
    span.end();
    tell(status, code, error);
  };
  try {
    const reply = await withTimeout(answer(c, mounted, { edge, requestId }));
    const response = sendReply(c, mounted.route, {
      reply,
      onBroken: (error) => tell(500, 'server.failed', error),
    });
    response.headers.set('request-id', requestId);
    end(response.status);
    return response;
  } catch (error) {
    const problem = problemOf(error, requestId);
    end(problem.status, problem.code, error);
    return replyProblem(c, problem);
  }
}

async function answer(
  c: ServerContext,
  mounted: MountedRoute,
  { edge, requestId }: { edge: Edge; requestId: Id<'req'> },
): Promise<unknown> {
  const { route } = mounted;
  refuseOtherOrigins(c, route, edge);
  const caller = await callerOf(c, route, edge);
  // Shape before permission: a decision needs the resource's id, and that must be an id.
  const params = parse(route.params, c.req.param(), 'path');
  const query = parse(route.query, inspectJson(c.req.query()), 'query');
  // Nobody waits for the body of one who may not send it.
  const body =
    route.body === undefined
      ? undefined
      : parse(route.body, await bodyOf(c, route, { edge, caller }), 'body');
  const call = { caller, params, query, body, requestId, http: exchangeOf(c) };
  // `handle` checked the handler against its route; here only the union of all routes is known.
  const act = async (more: object) => mounted.handler({ ...call, ...more } as never);
  if (caller.kind !== 'staff' && caller.kind !== 'service') {
    return edge.intake.inTurn(route.realm, c.env.incoming, () => act({ decision: undefined }));
  }
  // Staff and services have proved who they are, and what they end must not wait behind a crowd.
  const question = questionOf(route, caller, c.req.param());
  return mounted.takesPermit
    ? edge.decider.requireFor(question, (permit) => act({ permit }))
    : act({ decision: await edge.decider.require(question) });
}

async function bodyOf(
  c: ServerContext,
  route: Route,
  { edge: { intake }, caller }: { readonly edge: Edge; readonly caller: Caller },
): Promise<unknown> {
  if (route.bodyOptional && c.req.header('content-type') === undefined) {
    await requireSignedBody(c, caller, new Uint8Array());
    return {};
  }
  const given = c.req.header('content-type');
  const type = route.media !== undefined && given?.startsWith(route.media) ? JSON_TYPE : given;
  return readJson(type, async () => {
    const maxBytes = route.bodyMaxBytes ?? limits.requestBodyMaxBytes;
    const bytes = new Uint8Array(await intake.receive(c.env.incoming, maxBytes));
    await requireSignedBody(c, caller, bytes);
    return bytes;
  });
}

/** Of a signed request the head alone was verified, which names the digest of its body (RFC 9530). */
async function requireSignedBody(
  c: ServerContext,
  caller: Caller,
  body: Uint8Array<ArrayBuffer>,
): Promise<void> {
  if (caller.kind !== 'service' || !caller.covered) return;
  const { covered } = caller;
  const digest = c.req.header('content-digest');
  if (await holdsSignedBody({ body, covered, digest })) return;
  throw new ProblemError('token.proof-invalid', { internal: 'content-digest' });
}

/** Cookies are sent by browsers on their own: a write must come from the realm's own pages. */
function refuseOtherOrigins(c: ServerContext, route: Route, edge: Edge): void {
  if (route.method === 'get') return;
  const origin = c.req.header('origin');
  const own = edge.origins[route.realm];
  const needsOrigin = route.caller === 'anyone' || route.caller === 'customer';
  if (origin === undefined ? needsOrigin : origin !== own)
    throw new ProblemError('request.cross-origin');
}

async function callerOf(c: ServerContext, route: Route, edge: Edge): Promise<Caller> {
  const facts: RequestFacts = {
    method: c.req.method,
    url: `${edge.origins[route.realm]}${c.req.path}`,
    target: `${edge.origins[route.realm]}${c.env.incoming.url ?? ''}`,
    header: (name) => c.req.header(name),
    authorization: c.req.header('authorization'),
    dpop: c.req.header('dpop'),
    certificate: edge.certificateOf?.(c.env.incoming),
    cookie: exchangeOf(c).cookie,
    unattended: c.req.header(unattendedHeader) !== undefined,
  };
  const { incoming } = c.env;
  if (route.caller !== 'anyone') return proveCaller(route.caller, { facts, incoming }, edge);
  edge.rateLimit.check({
    address: edge.addressOf(incoming),
    routeId: route.id,
    // Routes for everybody have one id in their path at most: of a sign-in or of a proof request.
    ceremonyId: Object.values(c.req.param())[0],
  });
  return { kind: 'anyone' };
}

function questionOf(
  route: Route,
  caller: Extract<Caller, { kind: 'staff' | 'service' }>,
  params: Record<string, string>,
): DecisionInput {
  // `defineRoute` does not compile without an action here; a start-up check asserts it once more.
  if (route.action === undefined) throw new Error(`route ${route.id} has no action`);
  const { type, param } = route.resource ?? { type: 'Workforce' };
  return {
    subject: { type: caller.kind === 'staff' ? 'Staff' : 'Service', id: caller.subjectId },
    ...(caller.kind === 'staff' ? { sessionId: caller.sessionId } : {}),
    action: route.action,
    resource: { type, id: param === undefined ? '*' : (params[param] ?? '') },
  };
}

function parse(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const fields = parsed.error.issues.slice(0, 5).map((issue) => {
    const name = issue.path.join('.');
    return name === '' ? issue.message : `${name}: ${issue.message}`;
  });
  throw new ProblemError('request.malformed', { detail: `In the ${where}: ${fields.join('; ')}` });
}

/** What is late may still be carried out, and the answer must say so. */
async function withTimeout<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const detail = 'It was not finished in time and may still happen. Look before you repeat it.';
    timer = setTimeout(
      () => reject(new ProblemError('server.busy', { detail })),
      limits.requestTimeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
