import { bytesToBase64url, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Enumerator, FactsProvider } from '@proofline/decisions';
import type { ApplicationDraft, MountedRoute, Realm } from '@proofline/protocol';
import type { Migration } from '@proofline/storage';
import { importApplications } from './applications/commands/import-applications.ts';
import { deliverLogouts } from './applications/logout/deliver-logouts.ts';
import { endOverdueSessions } from './applications/logout/end-overdue-sessions.ts';
import { applicationRoutes } from './applications/routes/application-routes.ts';
import { createAuthenticators, type Authenticators } from './authenticate/create-authenticators.ts';
import { endGrants } from './commands/end-grants.ts';
import { endSession } from './commands/end-session.ts';
import { endSessionsOn } from './commands/end-sessions-on.ts';
import { endConsents } from './consents/commands/withdraw-consent.ts';
import { lockSession } from './commands/lock-session.ts';
import { startSession } from './commands/start-session.ts';
import { sweepCredentials } from './commands/sweep-credentials.ts';
import {
  createCustomerSignInRequests,
  createSignInRequests,
} from './ciba/create-sign-in-requests.ts';
import { endOverdueRequests } from './ciba/commands/close-expired.ts';
import { tellCustomers } from './ciba/commands/tell-customers.ts';
import { deliverPings } from './ciba/pings/deliver-pings.ts';
import type { PingSecret } from './ciba/pings/ping-secret.ts';
import { consentRoutes } from './consents/routes/consent-routes.ts';
import { createJsonSealer } from './domain/json-sealer.ts';
import type { SessionsContext, SessionsDeps, SessionsPeers } from './context.ts';
import { boundCookieSeconds } from './dbsc/names.ts';
import type { SweepReport } from './domain/kept-credential.ts';
import { limitsOf } from './domain/session-limits.ts';
import { createFacts } from './facts/create-facts.ts';
import { staffEnumerator } from './facts/staff-enumerator.ts';
import { findGrant, findLiveRow } from './find-live.ts';
import { listLive } from './list-live.ts';
import { createIssuer, type IssuerListener } from './oidc/create-issuer.ts';
import { createProvider } from './oidc/create-provider.ts';
import { createCustomerProvider } from './oidc/customers/create-customer-provider.ts';
import { openKeys } from './keys/commands/open-keys.ts';
import { rotateWhenDue } from './keys/commands/rotate-keys.ts';
import { createKeyRing, type SigningJwk } from './keys/create-key-ring.ts';
import { keyRoutes } from './keys/routes/key-routes.ts';
import { importPrograms, type ServiceDraft } from './programs/commands/import-programs.ts';
import { createServiceDirectory } from './programs/create-service-directory.ts';
import { serviceRoutes } from './programs/routes/service-routes.ts';
import { findServiceName } from './programs/find-service-name.ts';
import { createCustomerSignInFlow } from './sign-in/create-customer-sign-in-flow.ts';
import { createSignInFlow } from './sign-in/create-sign-in-flow.ts';
import { createNoteRefused } from './saml/note-refused.ts';
import { createTellBySoap } from './saml/commands/tell-by-soap.ts';
import { createSaml, type Saml } from './saml/create-saml.ts';
import { nameOfServiceProvider } from './saml/commands/name-of-service-provider.ts';
import { addressesOf } from './saml/messages/write-metadata.ts';
import { registeredProviders } from './saml/registered-providers.ts';
import type { SamlContext } from './saml/saml-context.ts';
import { migrations } from './store/migrations.ts';
import { countOpenRows, factsOf, findOpenRowsOf, whyRowOver } from './store/session-rows.ts';
import { createSqlReplayStore } from './store/sql-replay-store.ts';
import type {
  CustomerSessions,
  CustomerSignInFlow,
  CustomerSignInRequests,
  SessionRegistry,
  SignInFlow,
  SignInRequests,
} from './types.ts';
import { wasRevoked } from './was-revoked.ts';

/** The module, as the composition uses it. */
export interface Sessions {
  readonly registry: SessionRegistry;
  /** How many live sessions each colleague has who has one. */
  countLive(): Promise<ReadonlyMap<string, number>>;
  /** Whether somebody else, or a misuse, ended a session; true for one that is not known. */
  wasRevoked(sessionId: Id<'ses'>): Promise<boolean>;
  readonly customerSessions: CustomerSessions;
  readonly signInFlow: SignInFlow;
  readonly signInRequests: SignInRequests;
  readonly customerSignInRequests: CustomerSignInRequests;
  /** For everything below `/oidc` of the staff origin. */
  readonly issuer: IssuerListener;
  /** For everything below `/oidc` of the customers’ origin. */
  readonly customersIssuer: IssuerListener;
  readonly customerSignInFlow: CustomerSignInFlow;
  /** For everything below `/saml` of the staff origin; absent without a key. */
  readonly saml: Saml | undefined;
  /** Who calls, for the HTTP edge. */
  readonly authenticate: Authenticators;
  /** `session`, `grant` and `service`, to be registered at the PDP. */
  readonly facts: readonly FactsProvider[];
  /** `Staff`, for searches at the PDP. */
  readonly enumerators: readonly Enumerator[];
  /** Hands over what lives on higher floors; before it, nobody can sign in. */
  bind(peers: SessionsPeers): void;
  /** Judges every kept credential anew, takes from sessions what fell, and answers what there is. */
  sweepCredentials(): Promise<SweepReport>;
  /** What the last sweep of this process found. */
  lastSweep(): SweepReport | undefined;
  /** Private halves of the keys that are good now, the one that signs first. */
  signingKeys(): readonly SigningJwk[];
  /** After the migrations, and before anybody is answered. */
  openKeys(): Promise<void>;
  /** Takes over signing keys that other processes made. */
  followKeys(): Promise<void>;
  rotateKeysWhenDue(): Promise<void>;
  /** What a registered service is called; `undefined`: there was never one of that id. */
  serviceName(serviceId: string): Promise<string | undefined>;
  /** Writes down which services and scopes were used. */
  flushServiceUse(): Promise<void>;
  /** Tells applications of sessions that have ended; answers how many were told. */
  deliverLogouts(): Promise<number>;
  /** Tells applications that their requests were answered; answers how many were told. */
  deliverPings(): Promise<number>;
  /** Ends requests that nobody answered in time; answers how many there were. */
  endOverdueRequests(): Promise<number>;
  /** Tells customers that applications ask them. */
  tellCustomers(): Promise<number>;
  /** Ends sessions that are over and were used for applications; answers how many there were. */
  endOverdueSessions(): Promise<number>;
  /** On behalf of whoever runs the server; no route leads there. Answers their ids, in order. */
  importApplications(drafts: readonly ApplicationDraft[]): Promise<Id<'app'>[]>;
  /** The same for programs with a key of their own. */
  importServices(drafts: readonly ServiceDraft[]): Promise<void>;
  readonly routes: readonly MountedRoute[];
  readonly migrations: readonly Migration[];
}

function createRegistry(context: SessionsContext, saml: Saml | undefined): SessionRegistry {
  return {
    async findLive(sessionId) {
      const row = await findLiveRow(context, { session_id: sessionId });
      return row && factsOf(row, context.clock.now());
    },
    async liveSessionsOf(subjectId) {
      const rows = await findOpenRowsOf(context.storage.db, context.tenant, subjectId);
      const nowMs = context.clock.now();
      return rows
        .filter((row) => whyRowOver(row, nowMs) === undefined)
        .map((row) => factsOf(row, nowMs));
    },
    listLive: (subjectId) => listLive(context, subjectId),
    findGrant: (grantId) => findGrant(context, grantId),
    lockSession: (sessionId, because) => lockSession(context, sessionId, because),
    endSession: (sessionId, because, endedBy) =>
      endSession(context, sessionId, {
        because,
        ...(endedBy === undefined ? {} : { endedBy }),
      }),
    endSessionsOn: (tx, removed) => endSessionsOn(context, tx, removed),
    signOutElsewhere: async (sessionId) => saml?.prepareLogout(sessionId),
    endGrantsOf: (tx, interactionId, ...[because, causes]) =>
      endGrants(context, tx, { of: { interactionId }, because, causes }),
  };
}

function createCustomerSessions(context: SessionsContext): CustomerSessions {
  return {
    async start(tx, customer) {
      const cookieSecret = bytesToBase64url(context.random.bytes(32));
      const { sessionId } = await startSession(context, tx, {
        realm: 'customers',
        subjectId: customer.customerId,
        acr: customer.acr,
        amr: ['pop', 'user'],
        authenticatorId: customer.authenticatorId,
        authenticatorEvidenceId: customer.authenticatorEvidenceId,
        cookieHash: sha256Base64url(cookieSecret),
      });
      const { absoluteSeconds } = limitsOf('customers', 'personal');
      return { sessionId, cookieSecret, maxAgeSeconds: absoluteSeconds };
    },
    end: (sessionId) => endSession(context, sessionId, { because: 'signed-out' }),
    endSessionsOn: (tx, removed) => endSessionsOn(context, tx, removed),
    endConsents: (tx, of) => endConsents(context, tx, of),
  };
}

/** Without a key there is no SAML identity provider. */
function samlContextOf(
  context: SessionsContext,
  shared: Pick<SamlContext, 'provider' | 'replayStore'>,
): SamlContext | undefined {
  if (!context.saml) return undefined;
  const { keys: samlKeys, serviceProviders = registeredProviders(context) } = context.saml;
  const addresses = addressesOf(context.staffOrigin);
  const noteRefused = createNoteRefused(context);
  return { ...context, ...shared, samlKeys, serviceProviders, addresses, noteRefused };
}

/** What is done about the keys of both issuers. */
function keyChores(
  realms: readonly SessionsContext[],
): Pick<Sessions, 'openKeys' | 'followKeys' | 'rotateKeysWhenDue'> {
  return {
    async openKeys() {
      for (const realm of realms) await openKeys(realm);
    },
    async followKeys() {
      for (const { keys } of realms) await keys.follow();
    },
    async rotateKeysWhenDue() {
      for (const realm of realms) await rotateWhenDue(realm);
    },
  };
}

/** Cookies that one issuer has signed are none at the other, whoever plants them there. */
const ownOf = (realm: Realm, cookieKey: string): string =>
  sha256Base64url(`proofline ${realm} cookies v1:${cookieKey}`);

/** What all of the module shares, as the workforce has it; the customers’ view is made from the same parts. */
function createContext(deps: SessionsDeps, peers: () => SessionsPeers): SessionsContext {
  const of = (realm: Realm): SessionsContext => (realm === 'workforce' ? workforce : customers);
  const pings = createJsonSealer<PingSecret>(deps.kek, deps.random, 'proofline sessions: pings v1');
  const shared = {
    ...deps,
    peers,
    of,
    pings,
    services: createServiceDirectory({ ...deps, peers }),
  };
  const workforce: SessionsContext = {
    ...shared,
    realm: 'workforce',
    origin: deps.staffOrigin,
    issuer: `${deps.staffOrigin}/oidc`,
    keys: createKeyRing({ ...deps, realm: 'workforce' }),
  };
  // Nobody shows a certificate to customers’ issuer.
  const { mtls: _none, ...sharedWithCustomers } = shared;
  const customers: SessionsContext = {
    ...sharedWithCustomers,
    realm: 'customers',
    origin: deps.customersOrigin,
    issuer: `${deps.customersOrigin}/oidc`,
    cookieKeys: deps.cookieKeys.map((key) => ownOf('customers', key)),
    signingKeys: [],
    keys: createKeyRing({ ...deps, realm: 'customers', signingKeys: [] }),
  };
  return workforce;
}

/** Sessions, grants, the issuers of both realms, and who calls. */
export function createSessions(deps: SessionsDeps): Sessions {
  let bound: SessionsPeers | undefined;
  const peers = () => {
    if (!bound) throw new Error('sessions.bind() was not called at composition');
    return bound;
  };
  const context = createContext(deps, peers);
  const customers = context.of('customers');
  const { keys, services } = context;
  const provider = createProvider(context);
  const customerProvider = createCustomerProvider(customers);
  const replayStore = createSqlReplayStore(context);
  const boundSeconds = deps.boundCookieSeconds ?? boundCookieSeconds;
  const samlContext = samlContextOf(context, { provider, replayStore });
  const saml = samlContext && createSaml(samlContext);
  const tellBySoap = samlContext && createTellBySoap(samlContext);
  let swept: SweepReport | undefined;
  return {
    registry: createRegistry(context, saml),
    countLive: () =>
      countOpenRows(context.storage.db, context.tenant, new Date(context.clock.now())),
    wasRevoked: (sessionId) => wasRevoked(context, sessionId),
    customerSessions: createCustomerSessions(context),
    signInFlow: createSignInFlow(
      context,
      provider,
      async (clientId, state) => samlContext && nameOfServiceProvider(samlContext, clientId, state),
    ),
    signInRequests: createSignInRequests(context, provider),
    customerSignInRequests: createCustomerSignInRequests(customers, customerProvider),
    issuer: createIssuer(provider, {
      origin: context.origin,
      mtls: context.mtls,
      dbsc: { sessions: context, replayStore, boundCookieSeconds: boundSeconds },
    }),
    customersIssuer: createIssuer(customerProvider, customers),
    customerSignInFlow: createCustomerSignInFlow(customers, customerProvider),
    saml,
    authenticate: createAuthenticators(context, { jwks: keys.jwks, replayStore }),
    facts: createFacts(context),
    enumerators: [staffEnumerator(context)],
    async sweepCredentials() {
      swept = await sweepCredentials(context, deps.attestationPolicy);
      return swept;
    },
    lastSweep: () => swept,
    bind: (given) => {
      bound = given;
    },
    serviceName: (serviceId) => findServiceName(context, serviceId),
    flushServiceUse: services.flush,
    deliverLogouts: () => deliverLogouts(context, tellBySoap),
    deliverPings: () => deliverPings(context),
    endOverdueRequests: () => endOverdueRequests(context),
    tellCustomers: () => tellCustomers(context),
    endOverdueSessions: () => endOverdueSessions(context),
    importApplications: (drafts) => importApplications(context, drafts),
    importServices: (drafts) => importPrograms(context, drafts),
    signingKeys: keys.good,
    ...keyChores([context, customers]),
    routes: [
      ...applicationRoutes(context),
      ...consentRoutes(customers),
      ...serviceRoutes(context),
      ...keyRoutes(context),
    ],
    migrations,
  };
}
