import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rewriteErased } from '@proofline/ledger';
import { describeError, routes, type MountedRoute } from '@proofline/protocol';
import { openStorage, refuseCopies } from '@proofline/storage';
import type { Logger } from 'pino';
import { compose, migrations, type Composition, type Ports } from './compose.ts';
import type { Config } from './config.ts';
import { checkContract } from './check-contract.ts';
import { databaseOf } from './database-of.ts';
import { createCallerLimit } from './http/caller-limit.ts';
import { createAddressOf, createPeerOf } from './http/client-address.ts';
import { createApp } from './http/create-app.ts';
import { openHttpServer, type HttpServer } from './http/http-server.ts';
import { createIntake } from './http/intake.ts';
import { withProvisioning } from './http/with-provisioning.ts';
import { loadStaticPages } from './http/static-pages.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { createWebhookNotifier } from './notifier.ts';
import { ownRoutes } from './own-routes.ts';
import { watchHardware } from './metadata/watch-hardware.ts';
import { readPolicies } from './read-policies.ts';
import { startTicker } from './ticker.ts';
import { mutualTlsOf } from './mtls/certificate-of.ts';

const APPS = fileURLToPath(new URL('../', import.meta.url));

/** A running control plane. */
export interface RunningServer {
  readonly composition: Composition;
  readonly port: number;
  /** Ends open streams, answers what is under way, then closes the database. */
  close(): Promise<void>;
}

interface Given extends Partial<Ports> {
  /** What is to be there before anything is swept, ended or told: a demo’s past. */
  readonly furnish?: (composition: Composition) => Promise<void>;
}

/** Opens the database, the modules and the port, in that order. @throws with a sentence for the operator */
export async function startServer(config: Config, given: Given = {}): Promise<RunningServer> {
  const logger = given.logger ?? createLogger(config);
  // Closed in the opposite order, also when the start fails halfway: no lock stays behind.
  await using opened = new AsyncDisposableStack();
  const storage = given.storage ?? (await openDatabase(config, logger));
  opened.defer(() => storage.close());
  await refuseCopies(storage.db);
  await storage.migrate(migrations);
  if (storage.kind === 'embedded') await rewriteErased(storage, config.PROOFLINE_TENANT);
  // Before anything is read: what comes now works as a role that owns nothing (P2, P3).
  const wall = await storage.raiseWall({ tenant: config.PROOFLINE_TENANT, migrations });
  logger.info(wall, 'the second wall stands');
  const notifier =
    given.notifier ??
    createWebhookNotifier({
      url: config.PROOFLINE_NOTIFIER_URL,
      secret: config.PROOFLINE_NOTIFIER_SECRET,
    });
  const composition = compose(config, { ...given, storage, notifier, logger });
  opened.defer(() => composition.ledger.stop());
  await composition.ledger.start();
  await composition.sessions.openKeys();
  await composition.metadata.load();
  await openPolicies(config, composition, logger);
  const server = await listen(config, composition, logger);
  opened.defer(() => server.close());
  composition.ledger.receivers.start();
  opened.defer(() => composition.hub.close());
  await given.furnish?.(composition);
  const ticker = startTicker(chores(composition), logger);
  opened.defer(() => ticker.stop());
  const running = opened.move();
  return { composition, port: server.port, close: () => running.disposeAsync() };
}

/** What is live stays live; the folder is the first release, or a proposal. */
async function openPolicies(
  config: Config,
  { decisions }: Composition,
  logger: Logger,
): Promise<void> {
  const { release, files } = await decisions.open({
    ...readPolicies(),
    mode: config.PROOFLINE_POLICIES,
  });
  const { sequence, digest } = release;
  logger.info({ sequence, digest, files: files.are }, 'policies are in force');
  if (files.are === 'candidate') {
    logger.warn('the folder of policies differs from what is live; it waits as a candidate');
  }
  if (files.are === 'unsound') {
    logger.error(
      { faults: files.faults },
      'the folder of policies cannot be released; it is ignored',
    );
  }
}

function openDatabase(config: Config, logger: Logger) {
  const onLost = (error: Error) => {
    logger.fatal(describeError(error), 'the database was lost');
    // Without a database nothing can be decided or proved: the supervisor starts us anew.
    process.exit(1);
  };
  return openStorage({ ...databaseOf(config), onLost });
}

function chores(composition: Composition) {
  const { decisions, interactions, customers, workforce, approvals } = composition;
  const { ledger, metadata, newsChores, recovery, sessions, clock } = composition;
  return [
    ...newsChores,
    { name: 'follow policy releases', everyMs: 1_000, run: decisions.follow },
    // By itself: a candidate that takes long to compile delays nothing that is live.
    { name: 'follow signing keys', everyMs: 1_000, run: sessions.followKeys },
    { name: 'rotate signing keys', everyMs: 60_000, run: sessions.rotateKeysWhenDue },
    { name: 'follow shadows', everyMs: 1_000, run: decisions.followShadow },
    { name: 'forget what was erased', everyMs: 1_000, run: ledger.erasures.forget },
    { name: 'carry out erasures', everyMs: 1_000, run: ledger.erasures.carryOut },
    { name: 'erase what is past its time', everyMs: 3_600_000, run: ledger.erasures.eraseExpired },
    { name: 'follow switches', everyMs: 1_000, run: decisions.followSwitches },
    { name: 'expire proof requests', everyMs: 1_000, run: interactions.sweepExpired },
    { name: 'watch break-glass', everyMs: 1_000, run: approvals.watchBreakGlass },
    {
      name: 'tell of ended access requests',
      everyMs: 1_000,
      run: approvals.deliverCallbacks,
    },
    { name: 'deliver messages', everyMs: 1_000, run: customers.messages.deliver },
    {
      name: 'forget customers’ old ceremonies',
      everyMs: 60_000,
      run: customers.forgetOldCeremonies,
    },
    {
      name: 'watch what hardware is worth',
      everyMs: 1_000,
      run: watchHardware({ metadata, clock, sweep: sessions.sweepCredentials }),
    },
    { name: 'write down which services were used', everyMs: 10_000, run: sessions.flushServiceUse },
    { name: 'tell applications of ended sessions', everyMs: 1_000, run: sessions.deliverLogouts },
    { name: 'tell applications of answers', everyMs: 1_000, run: sessions.deliverPings },
    { name: 'tell customers who asks them', everyMs: 1_000, run: sessions.tellCustomers },
    { name: 'end overdue sign-in requests', everyMs: 5_000, run: sessions.endOverdueRequests },
    { name: 'end sessions that are over', everyMs: 30_000, run: sessions.endOverdueSessions },
    { name: 'look up whom recoveries are for', everyMs: 1_000, run: recovery.settle },
    { name: 'watch recoveries', everyMs: recovery.watchEveryMs, run: recovery.watch },
    { name: 'forget old tries of recoveries', everyMs: 3_600_000, run: recovery.forgetOld },
    { name: 'forget staff’s old ceremonies', everyMs: 60_000, run: workforce.forgetOldCeremonies },
  ];
}

async function listen(
  config: Config,
  composition: Composition,
  logger: Logger,
): Promise<HttpServer> {
  const { ledger, decisions, sessions, storage, clock, random, workforce } = composition;
  const metrics = createMetrics(() => ledger.health(), ledger.receivers.statuses);
  const addressOf = createAddressOf(config.PROOFLINE_TRUSTED_PROXIES);
  const certificates = mutualTlsOf(config);
  const app = createApp({
    edge: {
      origins: {
        workforce: config.PROOFLINE_STAFF_ORIGIN,
        customers: config.PROOFLINE_CUSTOMERS_ORIGIN,
      },
      authenticate: withProvisioning(sessions.authenticate, workforce.provisioning),
      decider: decisions,
      rateLimit: createCallerLimit(clock),
      addressOf,
      ...(certificates && { certificateOf: certificates.mtls.certificateOf }),
      intake: createIntake(addressOf),
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
    issuers: { workforce: sessions.issuer, customers: sessions.customersIssuer },
    saml: sessions.saml,
    log: ledger.files,
    gatewayOrigin: config.PROOFLINE_GATEWAY_ORIGIN,
    mtlsOrigin: config.PROOFLINE_MTLS_ORIGIN,
    ready: async () =>
      ledger.health().state === 'running' &&
      decisions.releaseFault() === undefined &&
      isReachable(storage),
    metrics: {
      token: config.PROOFLINE_METRICS_TOKEN,
      type: metrics.registry.contentType,
      render: () => metrics.registry.metrics(),
    },
  });
  return openHttpServer(
    { fetch: app.fetch, clock, random, peerOf: createPeerOf(config.PROOFLINE_TRUSTED_PROXIES) },
    {
      host: config.PROOFLINE_LISTEN_HOST,
      port: config.PROOFLINE_LISTEN_PORT,
      ...(config.PROOFLINE_MTLS_KEY !== undefined && {
        tls: { key: config.PROOFLINE_MTLS_KEY, port: config.PROOFLINE_MTLS_LISTEN_PORT },
      }),
    },
  );
}

/** Every module's handlers and the server's own. @throws when the contract is not served as written */
function mountedRoutes(config: Config, composition: Composition): MountedRoute[] {
  const { ledger, decisions, sessions, workforce, customers, approvals } = composition;
  const { interactions, recovery } = composition;
  const desks = [customers, approvals, interactions, recovery];
  const mounted = [ledger, decisions, sessions, workforce, ...desks]
    .flatMap((module) => module.routes)
    .concat(ownRoutes(config, composition));
  checkContract(routes, mounted);
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
