import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { limits } from '@proofline/kernel';
import { routes, type MountedRoute } from '@proofline/protocol';
import { openStorage } from '@proofline/storage';
import { createServer, type Server } from 'node:http';
import type { Logger } from 'pino';
import { compose, migrations, type Composition, type Ports } from './compose.ts';
import type { Config } from './config.ts';
import { createApp } from './http/create-app.ts';
import { createRateLimit } from './http/rate-limit.ts';
import { loadStaticPages } from './http/static-pages.ts';
import { createLogger, describeError } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createWebhookNotifier } from './notifier.ts';
import { ownRoutes } from './own-routes.ts';
import { readPolicies } from './read-policies.ts';
import { startTicker } from './ticker.ts';

const APPS = fileURLToPath(new URL('../', import.meta.url));

/** A running control plane. */
export interface RunningServer {
  readonly composition: Composition;
  readonly port: number;
  /** Ends open streams, answers what is under way, then closes the database. */
  close(): Promise<void>;
}

/** Opens the database, the modules and the port, in that order. @throws with a sentence for the operator */
export async function startServer(
  config: Config,
  given: Partial<Ports> = {},
): Promise<RunningServer> {
  const logger = given.logger ?? createLogger(config);
  const storage = given.storage ?? (await openDatabase(config, logger));
  await storage.migrate(migrations);
  const notifier =
    given.notifier ??
    createWebhookNotifier({
      url: config.PROOFLINE_NOTIFIER_URL,
      secret: config.PROOFLINE_NOTIFIER_SECRET,
    });
  const composition = compose(config, { ...given, storage, notifier, logger });
  await composition.ledger.start();
  const { text, cases } = readPolicies();
  await composition.decisions.release(text, cases);
  const server = await listen(config, composition, logger);
  const ticker = startTicker(chores(composition), logger);
  return {
    composition,
    port: portOf(server),
    async close() {
      await ticker.stop();
      await closeServer(server);
      await composition.ledger.stop();
      await storage.close();
    },
  };
}

function openDatabase(config: Config, logger: Logger) {
  const onLost = (error: Error) => {
    logger.fatal(describeError(error), 'the database was lost');
    // Without a database nothing can be decided or proved: the supervisor starts us anew.
    process.exit(1);
  };
  if (config.DATABASE_URL !== undefined) return openStorage({ url: config.DATABASE_URL, onLost });
  const cacheDirectory = config.PROOFLINE_CACHE_DIRECTORY;
  return openStorage({
    directory: join(config.PROOFLINE_DATA_DIRECTORY, 'database'),
    ...(cacheDirectory !== undefined && { cacheDirectory }),
    onLost,
  });
}

function chores({ interactions, customers, workforce }: Composition) {
  return [
    { name: 'expire proof requests', everyMs: 1_000, run: interactions.sweepExpired },
    { name: 'deliver messages', everyMs: 1_000, run: customers.messages.deliver },
    {
      name: 'forget customers’ old ceremonies',
      everyMs: 60_000,
      run: customers.forgetOldCeremonies,
    },
    { name: 'forget staff’s old ceremonies', everyMs: 60_000, run: workforce.forgetOldCeremonies },
  ];
}

async function listen(config: Config, composition: Composition, logger: Logger): Promise<Server> {
  const { ledger, decisions, sessions, storage, clock, random } = composition;
  const metrics = createMetrics(() => ledger.health().size);
  const app = createApp({
    edge: {
      origins: {
        workforce: config.PROOFLINE_STAFF_ORIGIN,
        customers: config.PROOFLINE_CUSTOMERS_ORIGIN,
      },
      authenticate: sessions.authenticate,
      decider: decisions,
      rateLimit: createRateLimit({ clock, callsMax: 600, windowMs: 60_000, keysMax: 50_000 }),
      clock,
      random,
      observe: (end) => {
        metrics.observe(end);
        const { error, ...line } = end;
        if (end.status >= 500) logger.error({ ...line, ...describeError(error) }, 'request failed');
        else logger.debug(line, 'request');
      },
    },
    mounted: mountedRoutes(config, composition),
    pages: {
      workforce: loadStaticPages(join(APPS, 'console/dist')),
      customers: loadStaticPages(join(APPS, 'verify/dist')),
    },
    issuer: sessions.issuer,
    gatewayOrigin: config.PROOFLINE_GATEWAY_ORIGIN,
    ready: async () => ledger.health().state === 'running' && isReachable(storage),
    metrics: { token: config.PROOFLINE_METRICS_TOKEN, render: () => metrics.registry.metrics() },
  });
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer,
    serverOptions: {
      maxHeaderSize: limits.headersMaxBytes,
      headersTimeout: limits.headersTimeoutMs,
      requestTimeout: limits.requestTimeoutMs,
    },
  }) as Server; // http1 was asked for by `createServer`
  server.maxHeadersCount = limits.headersMaxCount * 2;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.PROOFLINE_LISTEN_PORT, config.PROOFLINE_LISTEN_HOST, resolve);
  });
  return server;
}

/** Every handler, once per route of the contract. @throws when one is missing or bound twice */
function mountedRoutes(config: Config, composition: Composition): MountedRoute[] {
  const { ledger, decisions, sessions, workforce, customers, approvals, interactions } =
    composition;
  const mounted = [ledger, decisions, sessions, workforce, customers, approvals, interactions]
    .flatMap((module) => module.routes)
    .concat(ownRoutes(config, composition));
  const bound = mounted.map(({ route }) => route.id);
  const missing = routes.filter((route) => !bound.includes(route.id));
  const twice = bound.filter((id, index) => bound.indexOf(id) !== index);
  const undecided = routes.filter(
    (route) => route.action === undefined && ['staff', 'service'].includes(route.caller),
  );
  const faults = [
    ...missing.map(({ id }) => `${id} has no handler`),
    ...twice.map((id) => `${id} is bound twice`),
    ...undecided.map(({ id }) => `${id} is not decided`),
  ];
  if (faults.length > 0)
    throw new Error(`the contract is not served as written: ${faults.join('; ')}`);
  return mounted;
}

async function isReachable(storage: Composition['storage']): Promise<boolean> {
  try {
    await storage.db.selectNoFrom((select) => select.lit(1).as('one')).execute();
    return true;
  } catch {
    return false;
  }
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server does not listen on a port');
  return address.port;
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  // Event streams never end by themselves.
  setTimeout(() => server.closeAllConnections(), 500).unref();
  await closed;
}
