import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestAuthority } from '@proofline/assurance/testing';
import { serviceRoles } from '@proofline/protocol';
import { company } from './company.ts';
import { portalOrigin } from './portal/portal-draft.ts';
import type { DemoMetadata } from './metadata.ts';
import { publicHalf, type DemoSecrets } from './secrets.ts';
import type { DemoWitness } from './witness.ts';

/** Where each part listens. */
export interface Ports {
  readonly server: number;
  readonly gateway: number;
  readonly crm: number;
  readonly demo: number;
  /** Of the server as well: for programs with a certificate of their own. */
  readonly mtls: number;
  /** Of the client company’s witness. */
  readonly witness: number;
}

/** What each part is called. */
export interface Origins {
  readonly staff: string;
  readonly customers: string;
  readonly gateway: string;
  readonly crm: string;
  readonly demo: string;
  readonly mtls: string;
}

/** What the groups of the demo’s directory stand for. The last one the policies do not let it give. */
const groupRoles = {
  PROOFLINE_PROVISIONING_ROLES: JSON.stringify({
    'Contact center billing': 'billing-agent',
    'Contact center support': 'support-agent',
    'Contact center leads': 'supervisor',
  }),
};

/** Nobody works there yet: whoever is invited to it brings a security key or a phone. */
const deskModes = {
  PROOFLINE_DESK_MODES: JSON.stringify({ 'Walk-in counter': 'shared-workstation' }),
};

/** The name of the demo’s evidence log. */
export const LOG_NAME = 'evidence.marrowfield.localhost/demo';

type Environment = Readonly<Record<string, string>>;

const CACHE = fileURLToPath(new URL('../node_modules/.cache/proofline', import.meta.url));

/** The names under which the parts are reached; browsers resolve `*.localhost` by themselves. */
export function originsOf(ports: Ports): Origins {
  return {
    staff: `http://staff.localhost:${ports.server}`,
    customers: `http://customers.localhost:${ports.server}`,
    gateway: `http://gateway.localhost:${ports.gateway}`,
    crm: `http://127.0.0.1:${ports.crm}`,
    demo: `http://demo.localhost:${ports.demo}`,
    mtls: `https://mtls.localhost:${ports.mtls}`,
  };
}

interface DemoSettings {
  readonly directory: string;
  readonly ports: Ports;
  readonly origins: Origins;
  readonly secrets: DemoSecrets;
  readonly authority: TestAuthority;
  /** Makers' metadata; without it, the settings themselves vouch for the authority's model. */
  readonly metadata?: DemoMetadata;
  /** Who else signs the log; without it nobody does. */
  readonly witness?: DemoWitness | undefined;
  /** PEM of a key for SAML; without it there is no SAML. */
  readonly samlKeys?: string | undefined;
  /** PEM of a key for TLS; without it no certificates of programs are taken. */
  readonly mtlsKey?: string | undefined;
  readonly databaseUrl?: string;
  readonly logLevel?: string;
  /** How long a recovery waits in the demo. */
  readonly recoveryWaitSeconds?: number | undefined;
  /** Further APIs that take grants. */
  readonly resourceOrigins?: readonly string[];
  /** PEM of who is believed for names in certificates of programs. */
  readonly mtlsAuthorities?: string;
  /** Where applications inside may be told of ended sessions. */
  readonly internalLogoutOrigins?: readonly string[];
}

/** Two minutes show what takes two days; the pages of a recovery say so. */
function shortWait(seconds = 120): Environment {
  return { PROOFLINE_RECOVERY_DEMO_WAIT_SECONDS: String(seconds) };
}

/** The settings of each process, as an operator would write them. */
export function environmentsOf(options: DemoSettings): {
  readonly server: Environment;
  readonly gateway: Environment;
  readonly crm: Environment;
  readonly witness: Environment;
} {
  const { directory, ports, origins, secrets, logLevel = 'error' } = options;
  return {
    witness: options.witness?.environment ?? {},
    crm: {
      CRM_PORT: String(ports.crm),
      CRM_API_KEY: secrets.crmKey,
      CRM_DATABASE: join(directory, 'crm.sqlite'),
    },
    server: {
      PROOFLINE_ENVIRONMENT: 'demo',
      ...shortWait(options.recoveryWaitSeconds),
      PROOFLINE_TENANT: 'marrowfield',
      PROOFLINE_COMPANY: company.name,
      PROOFLINE_STAFF_ORIGIN: origins.staff,
      PROOFLINE_CUSTOMERS_ORIGIN: origins.customers,
      PROOFLINE_GATEWAY_ORIGIN: origins.gateway,
      PROOFLINE_LISTEN_PORT: String(ports.server),
      PROOFLINE_DATA_DIRECTORY: directory,
      PROOFLINE_CACHE_DIRECTORY: CACHE,
      PROOFLINE_KEK: secrets.kek,
      PROOFLINE_LOG_SEED: secrets.logSeed,
      PROOFLINE_LOG_NAME: LOG_NAME,
      PROOFLINE_COOKIE_KEY: secrets.cookieKey,
      PROOFLINE_POLICY_SEEDS: secrets.policySeed,
      PROOFLINE_SIGNING_KEYS: JSON.stringify([secrets.signingKey]),
      PROOFLINE_SERVICES: JSON.stringify(servicesOf(secrets)),
      ...hardwareOf(options),
      PROOFLINE_NOTIFIER_URL: `http://127.0.0.1:${ports.demo}/phone/inbox`,
      PROOFLINE_NOTIFIER_SECRET: secrets.notifierSecret,
      // The machine is shared with everything else that runs there.
      PROOFLINE_FACTS_TIMEOUT_MS: '5000',
      PROOFLINE_METRICS_TOKEN: secrets.metricsToken,
      PROOFLINE_LOG_LEVEL: logLevel,
      ...optionalOf(options),
      ...mutualTlsOf(options),
      ...witnessesOf(options.witness),
    },
    gateway: {
      PROOFLINE_STAFF_ORIGIN: origins.staff,
      PROOFLINE_GATEWAY_ORIGIN: origins.gateway,
      GATEWAY_LISTEN_PORT: String(ports.gateway),
      GATEWAY_CLIENT_ID: secrets.services.gateway.id,
      GATEWAY_CLIENT_KEY: JSON.stringify(secrets.services.gateway.key),
      GATEWAY_UPSTREAM_ORIGIN: origins.crm,
      GATEWAY_UPSTREAM_API_KEY: secrets.crmKey,
      GATEWAY_METRICS_TOKEN: secrets.metricsToken,
      GATEWAY_LOG_LEVEL: logLevel,
      GATEWAY_MAPPING: fileURLToPath(new URL('crm/gateway-mapping.json', import.meta.url)),
    },
  };
}

/** Which hardware counts: the model is allowed by name; what is known of it comes from the metadata. */
function hardwareOf({
  authority,
  metadata,
}: {
  readonly authority: TestAuthority;
  readonly metadata?: DemoMetadata;
}): Environment {
  if (metadata === undefined) return { PROOFLINE_ATTESTATION: JSON.stringify(authority.policy) };
  const { allowedAaguids } = authority.policy;
  return {
    PROOFLINE_ATTESTATION: JSON.stringify({ authorities: [], allowedAaguids, statuses: [] }),
    PROOFLINE_METADATA: metadata.file,
    PROOFLINE_METADATA_ROOTS: metadata.rootsDirectory,
    PROOFLINE_METADATA_SIGNER: metadata.signer,
  };
}

function witnessesOf(witness: DemoWitness | undefined): Environment {
  if (witness === undefined) return {};
  return {
    PROOFLINE_WITNESS_POLICY: witness.policy,
    PROOFLINE_INTERNAL_WITNESS_ORIGINS: witness.origin,
  };
}

/** Where programs connect with a certificate of their own. */
function mutualTlsOf({
  mtlsAuthorities,
  mtlsKey,
  origins,
  ports,
}: Pick<DemoSettings, 'mtlsAuthorities' | 'mtlsKey' | 'origins' | 'ports'>): Environment {
  if (mtlsKey === undefined) return {};
  return {
    PROOFLINE_MTLS_ORIGIN: origins.mtls,
    PROOFLINE_MTLS_KEY: mtlsKey,
    PROOFLINE_MTLS_LISTEN_PORT: String(ports.mtls),
    ...(mtlsAuthorities && { PROOFLINE_MTLS_AUTHORITIES: mtlsAuthorities }),
  };
}

/** What is set only where somebody wants it. */
function optionalOf({
  databaseUrl,
  internalLogoutOrigins = [],
  ports,
  resourceOrigins,
  samlKeys,
}: Pick<
  DemoSettings,
  'databaseUrl' | 'internalLogoutOrigins' | 'ports' | 'resourceOrigins' | 'samlKeys'
>): Environment {
  return {
    ...groupRoles,
    ...deskModes,
    ...(samlKeys === undefined ? {} : { PROOFLINE_SAML_KEYS: samlKeys }),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    ...(resourceOrigins === undefined
      ? {}
      : { PROOFLINE_RESOURCE_ORIGINS: resourceOrigins.join(',') }),
    PROOFLINE_INTERNAL_LOGOUT_ORIGINS: [portalOrigin(ports.demo), ...internalLogoutOrigins].join(
      ',',
    ),
  };
}

function servicesOf(secrets: DemoSecrets) {
  return serviceRoles.map((role) => {
    const { id, key } = secrets.services[role];
    return { id, role, jwk: publicHalf(key) };
  });
}
