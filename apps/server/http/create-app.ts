import { timingSafeEqual } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { newId } from '@proofline/kernel';
import type { LogFiles } from '@proofline/ledger';
import { logPrefix, ProblemError, type MountedRoute, type Realm } from '@proofline/protocol';
import type { Saml } from '@proofline/sessions';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { authzenBinding, echoRequestId } from './authzen-binding.ts';
import { mountErrorPages } from './error-pages.ts';
import { mountRoute, type Edge } from './mount-route.ts';
import { describeApi } from './openapi.ts';
import { problemOf, replyProblem } from './problem-reply.ts';
import { scimBinding } from './scim-binding.ts';
import { securityHeaders } from './security-headers.ts';
import { serveIssuer, type Issuer } from './serve-issuer.ts';
import { serveLog } from './serve-log.ts';
import { serveSaml } from './serve-saml.ts';
import type { StaticPages } from './static-pages.ts';
import { createIsUrgent } from './urgent-routes.ts';

/** What the two origins serve. */
export interface AppParts {
  readonly edge: Edge;
  readonly mounted: readonly MountedRoute[];
  readonly pages: Readonly<Record<Realm, StaticPages>>;
  /** oidc-provider, below `/oidc` of each origin. */
  readonly issuers: Readonly<Record<Realm, Issuer>>;
  /** The SAML identity provider, below `/saml` of the staff origin; absent without a key. */
  readonly saml: Saml | undefined;
  /** The evidence log for tile clients, on the staff origin. */
  readonly log: LogFiles;
  readonly gatewayOrigin: string;
  /** Where programs with a certificate of their own reach the issuer; absent: nowhere. */
  readonly mtlsOrigin?: string | undefined;
  readonly ready: () => Promise<boolean>;
  readonly metrics: {
    readonly token: string;
    readonly type: string;
    readonly render: () => Promise<string>;
  };
}

type App = Hono<{ Bindings: HttpBindings }>;

/** The two realms behind one port: the Host header chooses, and nothing is served on a third name. */
export function createApp(parts: AppParts): App {
  // A Map: a host is the caller's to name, and may be called `constructor`.
  const realms = new Map<string, { readonly realm: Realm; readonly app: App }>([
    [
      new URL(parts.edge.origins.workforce).host,
      { realm: 'workforce', app: createStaffApp(parts) },
    ],
    [
      new URL(parts.edge.origins.customers).host,
      { realm: 'customers', app: createCustomersApp(parts) },
    ],
  ]);
  if (parts.mtlsOrigin !== undefined) {
    const app = createMutualTlsApp(parts);
    realms.set(new URL(parts.mtlsOrigin).host, { realm: 'workforce', app });
  }
  const asked = (c: Context) => realms.get(c.req.header('host') ?? '');
  const isUrgent = createIsUrgent(parts.mounted);
  const app = bareApp(parts.edge);
  app.use(refuseForeignTargets);
  app.use('/access/*', echoRequestId);
  // Before the places: a busy process is not a dead one, and must not be ended for one.
  mountHealth(app, parts);
  const urgent = (c: Context) => {
    const realm = asked(c)?.realm;
    return realm !== undefined && isUrgent(realm, c.req.method, c.req.path);
  };
  app.use(parts.edge.intake.places(urgent));
  app.all('*', (c) => {
    const realm = asked(c);
    if (realm === undefined) throw new ProblemError('route.unknown');
    return realm.app.fetch(c.req.raw, c.env);
  });
  return app;
}

/** A target that names a host of its own (RFC 9112 §3.2.2) would make two of one request's addresses. */
const refuseForeignTargets: MiddlewareHandler<{ Bindings: HttpBindings }> = async (c, next) => {
  const target = c.env.incoming.url ?? '';
  if (!target.startsWith('/') || target.startsWith('//')) throw new ProblemError('route.unknown');
  await next();
};

function bareApp(edge: Edge): App {
  const app: App = new Hono();
  const refuse = (c: Context, error: unknown) => {
    const requestId = newId('req', edge);
    const problem = problemOf(error, requestId);
    const { status, code } = problem;
    edge.observe({ routeId: 'none', requestId, status, code, durationMs: 0, error });
    return replyProblem(c, problem);
  };
  app.onError((error, c) => refuse(c, error));
  app.notFound((c) => refuse(c, new ProblemError('route.unknown')));
  return app;
}

const issuerOf = (realm: Realm, { edge, issuers }: AppParts) =>
  serveIssuer({ realm, issuer: issuers[realm] }, edge);

function createStaffApp(parts: AppParts): App {
  const app = bareApp(parts.edge);
  const origin = parts.edge.origins.workforce;
  app.use(securityHeaders({ origin, connectTo: [parts.gatewayOrigin], framedBy: "'self'" }));
  app.use('/access/*', authzenBinding);
  app.use('/scim/*', scimBinding);
  app.all('/oidc/*', issuerOf('workforce', parts));
  app.all('/saml/*', serveSaml(parts.saml, parts.edge));
  app.get(`${logPrefix}/*`, serveLog(parts.log, parts.edge));
  mountRealm(app, 'workforce', parts);
  return app;
}

/**
 * Nothing but what programs call: the issuer, which knows which of its endpoints are for those with a
 * certificate, and the routes of our API that are for services.
 */
function createMutualTlsApp(parts: AppParts): App {
  const app = bareApp(parts.edge);
  app.all('/oidc/*', issuerOf('workforce', parts));
  app.use('/access/*', authzenBinding);
  for (const mounted of parts.mounted) {
    const { caller, path, realm } = mounted.route;
    // A directory comes with a token of its own, and to the staff origin.
    const isForPrograms = realm === 'workforce' && caller === 'service';
    if (isForPrograms && !path.startsWith('/scim/')) mountRoute(app, mounted, parts.edge);
  }
  return app;
}

function createCustomersApp(parts: AppParts): App {
  const app = bareApp(parts.edge);
  const origin = parts.edge.origins.customers;
  app.use(securityHeaders({ origin, connectTo: [], framedBy: "'none'" }));
  app.all('/oidc/*', issuerOf('customers', parts));
  mountRealm(app, 'customers', parts);
  return app;
}

function mountRealm(app: App, realm: Realm, parts: AppParts): void {
  const own = parts.mounted.filter((mounted) => mounted.route.realm === realm);
  for (const mounted of own) mountRoute(app, mounted, parts.edge);
  const description = describeApi(
    own.map((mounted) => mounted.route),
    parts.edge.origins,
  );
  app.get('/api/openapi.json', (c) => c.json(description));
  mountErrorPages(app);
  app.get('*', (c) => {
    const isApi = /^\/(api|access|scim|oidc|saml|\.well-known)\//.test(c.req.path);
    const page = isApi ? undefined : parts.pages[realm].serve(c);
    if (page === undefined) throw new ProblemError('route.unknown');
    return page;
  });
}

function mountHealth(app: App, parts: AppParts): void {
  app.get('/healthz', (c) => c.text('alive'));
  const ready = oneAtATime(parts.ready);
  app.get('/readyz', async (c) => ((await ready()) ? c.text('ready') : c.text('not ready', 503)));
  app.get('/metrics', async (c) => {
    if (!isBearer(c.req.header('authorization'), parts.metrics.token))
      throw new ProblemError('token.missing');
    return c.body(await parts.metrics.render(), 200, { 'content-type': parts.metrics.type });
  });
}

/** Anybody may ask, and no place is needed: those who ask at once share one look at the database. */
function oneAtATime<T>(look: () => Promise<T>): () => Promise<T> {
  let looking: Promise<T> | undefined;
  return () =>
    (looking ??= look().finally(() => {
      looking = undefined;
    }));
}

function isBearer(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
