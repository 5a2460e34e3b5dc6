import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  createTestAuthority,
  importTestAuthority,
  type TestAuthority,
  type TestAuthorityJson,
} from '@proofline/assurance/testing';
import { caseTypes, type Role, type ServiceRole } from '@proofline/protocol';
import { seededRandom } from '@proofline/kernel/node';
import { readConfig } from '@proofline/server/config';
import { startServer, type RunningServer } from '@proofline/server/start';
import { z } from 'zod';
import { createServiceClient, type ServiceClient } from './actors/service-client.ts';
import { startChild } from './child-process.ts';
import { company, demoCustomers, drawFrom } from './company.ts';
import { environmentsOf, LOG_NAME, originsOf, type Origins, type Ports } from './environments.ts';
import { loadDemoMetadata, type DemoMetadata } from './metadata.ts';
import { loadMtlsKey } from './mtls-key.ts';
import { openNightReports } from './night-reports.ts';
import { seedPast } from './seed-past.ts';
import { loadSamlKeys } from './saml-keys.ts';
import { seedDirectory } from './seed-directory.ts';
import { ageCustomersProofs, ageProofs, ageRequests } from './let-time-pass.ts';
import { startDemoPages, type PhoneMessage } from './pages/demo-pages.ts';
import { openPortal } from './portal/open-portal.ts';
import { freePorts, refuseTakenPorts } from './ports.ts';
import { loadDemoSecrets, type DemoSecrets } from './secrets.ts';
import { channelsOf, demoStaff, founders, outsourcedDesk } from './staff.ts';
import { openDemoWitness } from './witness.ts';

/** The demo's company, running: server, gateway, CRM, softphone and phones. */
export interface Company {
  readonly origins: Origins;
  readonly server: RunningServer;
  readonly founders: typeof founders;
  readonly outsourcedDesk: string;
  /** Name → onboarding link, for founding staff. */
  readonly founderLinks: ReadonlyMap<string, string>;
  readonly accountNumbers: readonly string[];
  /** The maker of the security keys that the demo's staff use. */
  readonly authority: TestAuthority;
  /** What is said of the maker's one model, and may be said anew. */
  readonly metadata: DemoMetadata;
  readonly secrets: DemoSecrets;
  /** Whom programs must believe to connect with a certificate of their own, as PEM. */
  readonly mtlsAuthority: string;
  service(role: ServiceRole): Promise<ServiceClient>;
  /** Messages on the simulated phones, newest first. */
  readonly messages: readonly PhoneMessage[];
  /** The newest message on a customer's phone. @throws when there is none */
  messageTo(accountNumber: string): PhoneMessage;
  /** The next message after there were `before` of them. */
  nextMessage(before: number): Promise<PhoneMessage>;
  /** Makes the staff's own proofs look older, as if a minute had passed. Only ever narrows. */
  letProofsAge(seconds: number): Promise<void>;
  /** Makes the proofs of customers who are on a call look older. Only ever narrows. */
  letCustomersProofsAge(seconds: number): Promise<void>;
  /** Makes open requests for proof run out sooner, as if time had passed. Only ever narrows. */
  letRequestsAge(seconds: number): Promise<void>;
  /** The CRM's process, for tests in which it hangs. */
  readonly crmPid: number;
  close(): Promise<void>;
}

export interface CompanyOptions {
  /** Where secrets, database and links are kept. */
  readonly directory: string;
  /** Fixed ports, or free ones. */
  readonly ports: Ports | 'free';
  readonly databaseUrl?: string;
  /** A database that is open already, and is closed with the company. */
  readonly storage?: RunningServer['composition']['storage'];
  readonly logLevel?: string;
  /** How long a recovery waits, which is shortened in any demo. */
  readonly recoveryWaitSeconds?: number;
  /** Origins of further APIs that take grants, besides the gateway. */
  readonly resourceOrigins?: readonly string[];
  /** PEM of who is believed for names in certificates of programs. */
  readonly mtlsAuthorities?: string;
  /** Origins on this machine that may be told of ended sessions. */
  readonly internalLogoutOrigins?: readonly string[];
  /** Whether colleagues have worked before the first start. Default: nobody has. */
  readonly pastWork?: boolean;
  /** Whether the company has a portal for its customers. Default: with the past work. */
  readonly portal?: boolean;
  /** Whether somebody else signs the log. Default: with the past work. */
  readonly witness?: boolean;
  /** Told when a process of the company ended by itself. */
  readonly onLost?: (name: keyof typeof programs, how: string) => void;
  /** Told once nothing stands in the way any more. */
  readonly onStart?: () => void;
}

const CASES = 40;
const INVITED = 5;
/** A link works for a day. */
const INVITATION_GOOD_MS = 20 * 60 * 60 * 1_000;
/** What runs beside the server. */
const programs = {
  crm: 'demo/crm/main.ts',
  gateway: 'apps/gateway/main.ts',
  witness: 'apps/witness/main.ts',
} as const;
const Links = z.array(z.tuple([z.string(), z.string()]));

/** Starts everything, seeds what is not there yet, and answers when it is ready. */
export async function startCompany(options: CompanyOptions): Promise<Company> {
  mkdirSync(options.directory, { recursive: true });
  const ports = options.ports === 'free' ? await freePorts() : options.ports;
  await refuseTakenPorts(ports);
  options.onStart?.();
  const origins = originsOf(ports);
  const secrets = await loadDemoSecrets(options.directory);
  const authority = await loadAuthority(options.directory);
  const metadata = await loadDemoMetadata(options.directory, authority);
  writePipelineFile(options.directory, { secrets, origins });
  const witness = await openWitness(options, { port: ports.witness, logSeed: secrets.logSeed });
  const keys = await loadKeys(options, origins);
  const settings = { ...options, ports, origins, secrets, authority, metadata };
  const environments = environmentsOf({ ...settings, ...keys, witness });
  // Stopped in the opposite order, also when the start fails halfway: nothing is left running.
  await using started = new AsyncDisposableStack();
  const start = async (name: keyof typeof programs) => {
    const child = await startChild({
      file: pathOf(programs[name]),
      environment: environments[name],
      port: ports[name],
      onLost: (how) => options.onLost?.(name, how),
    });
    started.defer(() => child.stop());
    return child;
  };
  const crm = await start('crm');
  if (witness) await start('witness');
  const { server, isNew, founderLinks } = await startSeeded(environments.server, settings);
  started.defer(() => server.close());
  if (options.pastWork) await workAtNight(server, { ...options, isNew, origins });
  await start('gateway');
  const service = serviceClients(origins.staff, secrets);
  if (isNew && options.pastWork) await seedDirectory(await service('provisioning'));
  const pages = await startDemoPages({
    portal: options.portal || options.pastWork ? await openPortal(server, settings) : undefined,
    port: ports.demo,
    messagesFile: join(options.directory, 'phone-messages.json'),
    callsFile: join(options.directory, 'softphone-calls.json'),
    notifierSecret: secrets.notifierSecret,
    telephony: () => service('telephony'),
    agents: () => listAgents(server),
    ownerOf: phoneOwners(),
  });
  started.defer(() => pages.close());
  await inviteCustomers(server, await service('account-opening'), pages.messages);
  const running = started.move();
  return {
    origins,
    server,
    founders,
    outsourcedDesk,
    founderLinks,
    accountNumbers: demoCustomers().map(({ accountNumber }) => accountNumber),
    authority,
    metadata,
    secrets,
    mtlsAuthority: keys.mtlsAuthority,
    service,
    messages: pages.messages,
    messageTo: (accountNumber) => messageTo(pages.messages, accountNumber),
    nextMessage: (before) => nextMessage(pages.messages, before),
    letProofsAge: (seconds) => ageProofs(server, seconds),
    letCustomersProofsAge: (seconds) => ageCustomersProofs(server, seconds),
    letRequestsAge: (seconds) => ageRequests(server, seconds),
    crmPid: crm.pid,
    close: () => running.disposeAsync(),
  };
}

/** The client company’s own process. */
async function openWitness(
  options: CompanyOptions,
  { port, logSeed }: { readonly port: number; readonly logSeed: string },
) {
  if (!(options.witness ?? options.pastWork)) return undefined;
  const log = { name: LOG_NAME, seed: logSeed };
  return openDemoWitness({ directory: options.directory, port, log });
}

/** The server, with everything that was there before it began. */
async function startSeeded(
  environment: Readonly<Record<string, string>>,
  options: CompanyOptions & { readonly origins: Origins },
) {
  const config = readConfig(environment);
  let isNew = false;
  let founderLinks: ReadonlyMap<string, string> = new Map();
  const server = await startServer(config, {
    ...(options.storage && { storage: options.storage }),
    // What is open in the past must not be ended by the sweeps of today while it is being laid.
    async furnish(composition) {
      isNew = !(await composition.workforce.hasStaff());
      founderLinks = await seed(composition, options);
      if (isNew && options.pastWork) await seedPast(composition, config);
    },
  });
  return { server, isNew, founderLinks };
}

/** Keys of the demo’s own, made at its first start. */
async function loadKeys({ directory, pastWork }: CompanyOptions, origins: Origins) {
  const mtlsKey = await loadMtlsKey(directory, new URL(origins.mtls).hostname);
  return {
    mtlsKey,
    mtlsAuthority: mtlsKey.slice(mtlsKey.indexOf('-----BEGIN CERTIFICATE')),
    // A key of RSA takes its time: only where there are tools to sign in to.
    samlKeys: pastWork ? await loadSamlKeys(directory) : undefined,
  };
}

type Composition = RunningServer['composition'];

interface Night {
  readonly directory: string;
  readonly origins: Origins;
  /** Nothing was there before this start. */
  readonly isNew: boolean;
}

/** The program that reports at night has its hour at each start. */
async function workAtNight(server: RunningServer, night: Night): Promise<void> {
  const reports = await openNightReports(night.directory);
  if (night.isNew) await reports.register(server);
  await reports.ask(night.origins);
}

/** Whose a simulated phone or mailbox is. */
function phoneOwners(): (address: string) => string {
  const owners = new Map([
    ...demoCustomers().map(
      ({ contact, name, accountNumber }) => [contact.address, `${name}, ${accountNumber}`] as const,
    ),
    ...demoStaff.flatMap((colleague) =>
      channelsOf(colleague).map(({ address }) => [address, colleague.displayName] as const),
    ),
  ]);
  return (address) => owners.get(address) ?? 'unknown';
}

function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

/** Fills an empty installation; on a later start it only brings back the links that were given out. */
async function seed(
  { workforce, customers, interactions }: Composition,
  { directory, origins }: { readonly directory: string; readonly origins: Origins },
): Promise<ReadonlyMap<string, string>> {
  const file = join(directory, 'founder-links.json');
  if (await workforce.hasStaff()) {
    // Written last, so that its absence tells.
    if (!existsSync(file))
      throw new Error('The demo was stopped before it was all there: npm run demo -- --fresh');
    const links = Links.parse(JSON.parse(readFileSync(file, 'utf8')));
    // The ports may be others than at the first start.
    return new Map(links.map(([name, link]) => [name, moveTo(origins.staff, link)]));
  }
  const invitations = await workforce.foundStaff(
    demoStaff.map((colleague) => ({ ...colleague, channels: channelsOf(colleague) })),
  );
  await customers.importCustomers(demoCustomers());
  await interactions.importCases(demoCases());
  const links = invitations.map(({ displayName, link }) => [displayName, link] as const);
  writeFileSync(file, JSON.stringify(links), { mode: 0o600 });
  return new Map(links);
}

function moveTo(origin: string, link: string): string {
  const { pathname, hash } = new URL(link);
  return `${origin}${pathname}${hash}`;
}

/** The first few customers get an invitation on the simulated phones, unless they have it or enrolled. */
async function inviteCustomers(
  server: RunningServer,
  accountOpening: ServiceClient,
  messages: readonly PhoneMessage[],
): Promise<void> {
  const { customers, storage } = server.composition;
  const before = messages.length;
  let invited = 0;
  for (const { accountNumber, contact } of demoCustomers().slice(0, INVITED)) {
    const customer = await customers.findByAccountNumber(storage.db, accountNumber);
    const passkeys = customer ? await customers.credentialsOf(storage.db, customer.customerId) : [];
    const newest = messages.find(({ to }) => to === contact.address)?.receivedAtMs ?? 0;
    if (passkeys.length > 0 || newest > Date.now() - INVITATION_GOOD_MS) continue;
    await accountOpening.call('POST', '/api/enrolments', { accountNumber });
    invited += 1;
  }
  // A customer who was invited often enough today gets no further message; nothing waits for that.
  for (let waitedMs = 0; waitedMs < 3_000 && messages.length < before + invited; waitedMs += 20) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Forty matters of the weeks before, most of them closed. */
function demoCases() {
  const draw = drawFrom(seededRandom(`${company.seed}/cases`));
  const newestMs = Date.UTC(2026, 10, 1);
  return Array.from({ length: CASES }, () => {
    const openedAtMs = newestMs - draw.number(30 * 24 * 60) * 60_000;
    const isClosed = draw.number(10) < 7;
    return {
      caseType: draw.pick(caseTypes),
      openedAtMs,
      ...(isClosed ? { closedAtMs: openedAtMs + (5 + draw.number(55)) * 60_000 } : {}),
    };
  });
}

/** What a build would be given, to be read by a shell: the tour plays the pipeline by hand. */
function writePipelineFile(
  directory: string,
  { secrets, origins }: { readonly secrets: DemoSecrets; readonly origins: Origins },
): void {
  const { id, key } = secrets.services.pipeline;
  const settings = {
    PROOFLINE_STAFF_ORIGIN: origins.staff,
    PROOFLINE_PIPELINE_ID: id,
    PROOFLINE_PIPELINE_KEY: JSON.stringify(key),
  };
  const lines = Object.entries(settings).map(([name, value]) => `export ${name}='${value}'\n`);
  writeFileSync(join(directory, 'pipeline.env'), lines.join(''), { mode: 0o600 });
}

async function loadAuthority(directory: string): Promise<TestAuthority> {
  const file = join(directory, 'authenticator-maker.json');
  if (existsSync(file))
    return importTestAuthority(JSON.parse(readFileSync(file, 'utf8')) as TestAuthorityJson); // our own file
  const authority = await createTestAuthority();
  writeFileSync(file, JSON.stringify(authority.export()), { mode: 0o600 });
  return authority;
}

function serviceClients(staffOrigin: string, secrets: DemoSecrets) {
  const clients = new Map<ServiceRole, Promise<ServiceClient>>();
  return (role: ServiceRole) => {
    const known =
      clients.get(role) ??
      createServiceClient({
        id: secrets.services[role].id,
        privateJwk: secrets.services[role].key,
        staffOrigin,
      });
    clients.set(role, known);
    return known;
  };
}

const takesCalls: ReadonlySet<Role> = new Set([
  'billing-agent',
  'support-agent',
  'senior-agent',
  'technical-agent',
  'fraud-reviewer',
]);

async function listAgents(server: RunningServer) {
  const colleagues = await server.composition.workforce.listColleagues();
  return colleagues.filter(
    ({ active, roles }) => active && roles.some((role) => takesCalls.has(role)),
  );
}

function messageTo(messages: readonly PhoneMessage[], accountNumber: string): PhoneMessage {
  const customer = demoCustomers().find((one) => one.accountNumber === accountNumber);
  const message = messages.find(({ to }) => to === customer?.contact.address);
  if (message === undefined) throw new Error(`no message for ${accountNumber}`);
  return message;
}

async function nextMessage(
  messages: readonly PhoneMessage[],
  before: number,
): Promise<PhoneMessage> {
  for (let waitedMs = 0; waitedMs < 5_000; waitedMs += 20) {
    if (messages.length > before && messages[0] !== undefined) return messages[0];
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('no message came');
}
