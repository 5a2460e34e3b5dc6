import {
  isId,
  systemClock,
  systemRandom,
  type Clock,
  type Id,
  type Random,
} from '@proofline/kernel';
import type { AttestationPolicy } from '@proofline/assurance';
import { createApprovals, migrations as approvalMigrations } from '@proofline/approvals';
import {
  createCustomers,
  migrations as customerMigrations,
  type Customers,
  type CustomersDeps,
  type Notifier,
} from '@proofline/customers';
import {
  createDecisions,
  migrations as decisionMigrations,
  type Decisions,
} from '@proofline/decisions';
import {
  createInteractions,
  migrations as interactionMigrations,
  type Interactions,
} from '@proofline/interactions';
import { createLedger, migrations as ledgerMigrations, type Ledger } from '@proofline/ledger';
import { createRecovery, migrations as recoveryMigrations } from '@proofline/recovery';
import {
  createSessions,
  migrations as sessionMigrations,
  type Sessions,
} from '@proofline/sessions';
import { describeError, type Role } from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import {
  createWorkforce,
  migrations as workforceMigrations,
  type Workforce,
  type WorkforceDeps,
  type WorkforceEvent,
} from '@proofline/workforce';
import type { Logger } from 'pino';
import { createCallbacks } from './callbacks/create-callbacks.ts';
import { createPostLogout, createPostSoap } from './callbacks/post-logout.ts';
import { createPostPing } from './callbacks/post-ping.ts';
import type { Config } from './config.ts';
import { breakGlassPorts } from './break-glass-ports.ts';
import { approvalNotice, noticeOf, sessionNews, tellLevels, tellPolicies } from './screen-news.ts';
import { keyOf } from './key-of.ts';
import { ledgerPorts, programName } from './ledger-ports.ts';
import { otherKeys } from './other-keys.ts';
import { recoveryPorts } from './recovery-ports.ts';
import { serviceName, switchPorts } from './switch-ports.ts';
import { attestationPolicyOf } from './metadata/attestation-policy.ts';
import { createMetadata } from './metadata/create-metadata.ts';
import { mutualTlsOf } from './mtls/certificate-of.ts';
import { createNewsCarrier } from './news/carry-news.ts';
import { newsMigrations } from './news/migrations.ts';
import { createEventHub, type EventHub } from './http/event-hub.ts';

/** What the composition is given besides its settings. */
export interface Ports {
  readonly storage: Storage;
  readonly notifier: Notifier;
  readonly logger: Logger;
  readonly clock?: Clock;
  readonly random?: Random;
  /** How long a bound session’s cookie is good without its key; shorter in a test than its ten minutes. */
  readonly boundCookieSeconds?: number;
}

/** Every module, wired; nothing runs yet. */
export type Composition = ReturnType<typeof compose>;

/** All tables, in the order of the floors. */
export const migrations = [
  ...ledgerMigrations,
  ...decisionMigrations,
  ...sessionMigrations,
  ...workforceMigrations,
  ...customerMigrations,
  ...approvalMigrations,
  ...interactionMigrations,
  ...newsMigrations,
  ...recoveryMigrations,
];

/** Wires the modules: lower floors first; what must go upward is handed over as a function. */
export function compose(config: Config, ports: Ports) {
  const { clock = systemClock, random = systemRandom, storage, logger } = ports;
  const metadata = createMetadata(config, { clock, logger });
  const attestationPolicy = attestationPolicyOf(config, metadata);
  const common = { storage, clock, random, tenant: config.PROOFLINE_TENANT, attestationPolicy };
  const { hub, chores: newsChores } = createNewsCarrier(createEventHub(), common);
  const ledger = createLedger({ ...common, ...ledgerPorts(config, ports, () => upper) });
  const staffOrigin = config.PROOFLINE_STAFF_ORIGIN;
  const decisions = createDecisions({
    ...common,
    ledger,
    staffOrigin,
    factsTimeoutMs: config.PROOFLINE_FACTS_TIMEOUT_MS,
    ...policyDeps(config, ports),
    signingKeys: () => sessions.signingKeys(),
    nameOf: async (id) =>
      isId('stf', id)
        ? (await upper.workforce.findColleague(id))?.displayName
        : programName(config, { sessions, workforce: upper.workforce }, id),
    colleagues: () => upper.workforce.listColleagues(),
    onReported: (refs) => void desks.approvals.resultReported(refs),
    ...switchPorts(config, hub, () => ({ ...desks, workforce, sessions })),
    onPoliciesChanged: tellPolicies(hub),
  });
  const sessions = createSessions({
    ...common,
    ledger,
    ...sessionDeps(config, decisions),
    ...(ports.boundCookieSeconds && { boundCookieSeconds: ports.boundCookieSeconds }),
    onLevelsChanged: tellLevels({ hub, logger, kick: () => customers.messages.kick() }),
    ...sessionNews(hub, () => ({ ...desks, workforce, customers })),
  });
  const workforce = createWorkforce({
    ...common,
    ledger,
    ...realmDeps(config, 'PROOFLINE_STAFF_ORIGIN'),
    staffOrigin,
    signInFlow: sessions.signInFlow,
    signInRequests: sessions.signInRequests,
    sessions: sessions.registry,
    preview: decisions.preview,
    ...provisioningDeps(config, decisions),
    rowsPermitted: decisions.rowsPermitted,
    stopsFor: decisions.stopsFor,
    ...workforcePorts(config, hub, () => upper.customers),
  });
  const customers = createCustomers({
    ...common,
    ledger,
    ...realmDeps(config, 'PROOFLINE_CUSTOMERS_ORIGIN'),
    customersOrigin: config.PROOFLINE_CUSTOMERS_ORIGIN,
    customerSessions: sessions.customerSessions,
    customerSignInFlow: sessions.customerSignInFlow,
    customerSignInRequests: sessions.customerSignInRequests,
    ...customerPorts(ports, () => desks.interactions),
  });
  const lower = { ...common, hub, ledger, decisions, sessions, workforce, customers };
  const desks = composeDesks(config, lower);
  const upper = { workforce, customers, decisions, sessions };
  return { ...lower, newsChores, metadata, ...desks };
}

/** How customers are reached, and what ends above when they remove a passkey. */
function customerPorts({ notifier }: Ports, interactions: () => Interactions) {
  const endProofsOn: CustomersDeps['endProofsOn'] = (tx, removed) =>
    interactions().endProofsOn(tx, removed);
  return { notifier, endProofsOn };
}

/** What is told to colleagues, and where. The outbox is the customers' room's; it is lent. */
function workforcePorts(config: Config, hub: EventHub, customers: () => Customers) {
  const lent: WorkforceDeps['messages'] = {
    enqueue: (tx, draft) => customers().messages.enqueue(tx, draft),
    kick: () => customers().messages.kick(),
  };
  return {
    notify: (event: WorkforceEvent) => hub.publish(noticeOf(event)),
    messages: lent,
    deskModes: config.PROOFLINE_DESK_MODES,
    leastAuthenticators: (roles: readonly Role[]) =>
      roles.some((role) => config.PROOFLINE_TWO_PASSKEY_ROLES.includes(role)) ? 2 : 1,
  };
}

/** Which roles groups stand for, and which of them policy lets a directory give. */
function provisioningDeps(config: Config, { decide }: Pick<Decisions, 'decide'>) {
  return {
    directories: config.PROOFLINE_SERVICES.flatMap(({ id, role }) =>
      role === 'provisioning' && isId('svc', id)
        ? [{ serviceId: id, name: serviceName(config, id) ?? id }]
        : [],
    ),
    provisioningRoles: config.PROOFLINE_PROVISIONING_ROLES,
    mayGiveRole: async (directory: string, role: Role) => {
      const subject = { type: 'Service', id: directory };
      const resource = { type: 'Role', id: role };
      const action = 'provisioning:give-role';
      return (await decide({ subject, action, resource })).effect === 'permit';
    },
  };
}

type Lower = Pick<Ports, 'storage'> &
  Required<Pick<Ports, 'clock' | 'random'>> & {
    readonly tenant: string;
    readonly hub: EventHub;
    readonly ledger: Ledger;
    readonly decisions: Decisions;
    readonly sessions: Sessions;
    readonly workforce: Workforce;
    readonly customers: Customers;
    readonly attestationPolicy: AttestationPolicy;
  };

/** What happens at the desks: calls and approvals; and the facts that the PDP may ask for. */
function composeDesks(config: Config, lower: Lower) {
  const { hub, decisions, ledger, sessions, workforce, customers } = lower;
  const staffOf = async (subjectId: Id<'stf'>) => {
    const colleague = await workforce.findColleague(subjectId);
    return colleague?.active === true ? colleague : undefined;
  };
  const approvals = createApprovals({
    ...lower,
    staffOf,
    wasRevoked: sessions.wasRevoked,
    callbacks: createCallbacks({
      targets: new Map(config.PROOFLINE_SERVICES.map(({ id, callbacks }) => [id, callbacks])),
      staffOrigin: config.PROOFLINE_STAFF_ORIGIN,
      sign: decisions.signCallback,
    }),
    notify: (event) => hub.publish(approvalNotice(event)),
    breakGlass: breakGlassPorts(config, lower),
  });
  const recovery = createRecovery({ ...lower, ...recoveryPorts(config, lower) });
  const interactions = createInteractions({
    ...lower,
    ...realmDeps(config, 'PROOFLINE_CUSTOMERS_ORIGIN'),
    customersOrigin: config.PROOFLINE_CUSTOMERS_ORIGIN,
    sessions: sessions.registry,
    staffOf,
    preview: decisions.preview,
    previewFields: decisions.previewFields,
    rowsPermitted: decisions.rowsPermitted,
    isBeingRecovered: recovery.isUnderWay,
    notify: ({ type, desk, staffId, interactionId }) =>
      hub.publish({ type, desk, ownerId: staffId, data: { interactionId } }),
  });
  sessions.bind({
    grantBasis: interactions.grantBasis,
    breakGlassBasis: approvals.breakGlassBasis,
    credentialSources: [workforce.credentials, customers.credentials],
    decider: decisions,
    findStaff: workforce.findColleague,
    findNumbered: workforce.findNumbered,
    findAccountHolder: async (accountNumber) =>
      (await customers.findByAccountNumber(lower.storage.db, accountNumber))?.customerId,
    findProvisioner: workforce.provisioning.find,
    findCustomer: (customerId) => customers.findById(lower.storage.db, customerId),
  });
  const facts = [
    ...sessions.facts,
    ...workforce.factsProviders,
    ...interactions.factsProviders,
    ...approvals.factsProviders,
    ...decisions.factsProviders,
    ...ledger.erasures.factsProviders,
  ];
  for (const provider of facts) decisions.registerFacts(provider);
  for (const enumerator of [...sessions.enumerators, ...interactions.enumerators]) {
    decisions.registerEnumerator(enumerator);
  }
  decisions.registerAccessRequests(approvals.accessRequests);
  return { approvals, interactions, recovery };
}

function realmDeps(
  config: Config,
  origin: 'PROOFLINE_STAFF_ORIGIN' | 'PROOFLINE_CUSTOMERS_ORIGIN',
) {
  return {
    rpId: new URL(config[origin]).hostname,
    companyName: config.PROOFLINE_COMPANY,
  };
}

function sessionDeps(config: Config, { candidateOf }: Pick<Decisions, 'candidateOf'>) {
  return {
    candidateOf,
    staffOrigin: config.PROOFLINE_STAFF_ORIGIN,
    customersOrigin: config.PROOFLINE_CUSTOMERS_ORIGIN,
    gatewayOrigin: config.PROOFLINE_GATEWAY_ORIGIN,
    resourceOrigins: config.PROOFLINE_RESOURCE_ORIGINS,
    internalLogoutOrigins: config.PROOFLINE_INTERNAL_LOGOUT_ORIGINS,
    postLogout: createPostLogout(config.PROOFLINE_INTERNAL_LOGOUT_ORIGINS),
    postPing: createPostPing(config.PROOFLINE_INTERNAL_LOGOUT_ORIGINS),
    postSoap: createPostSoap(config.PROOFLINE_INTERNAL_LOGOUT_ORIGINS),
    signingKeys: config.PROOFLINE_SIGNING_KEYS,
    signingKeyDays: config.PROOFLINE_SIGNING_KEY_DAYS,
    kek: keyOf(config.PROOFLINE_KEK),
    otherKeys: otherKeys(config.PROOFLINE_SAML_KEYS?.published() ?? []),
    cookieKeys: [config.PROOFLINE_COOKIE_KEY],
    deskModes: config.PROOFLINE_DESK_MODES,
    ...mutualTlsOf(config),
    ...(config.PROOFLINE_SAML_KEYS && { saml: { keys: config.PROOFLINE_SAML_KEYS } }),
    serviceClients: config.PROOFLINE_SERVICES.map(({ id, role, jwk }) => ({
      clientId: id,
      role,
      publicJwk: jwk,
    })),
  };
}

/** Keys and alarms of the policies. */
function policyDeps(config: Config, { logger }: Ports) {
  return {
    policySeeds: config.PROOFLINE_POLICY_SEEDS.map(keyOf),
    onReleaseFault: (fault: string) =>
      logger.error({ fault }, 'a stored policy release was not taken'),
    oracleEvery: config.PROOFLINE_ORACLE_EVERY,
    onEngineDiffers: (digest: string, error?: unknown) =>
      logger.error(
        { digest, ...(error === undefined ? {} : describeError(error)) },
        'the policy engines disagree: cedar-wasm decides',
      ),
  };
}
