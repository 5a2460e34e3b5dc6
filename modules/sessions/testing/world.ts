import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { cookieValues, isId, newId, systemRandom, type Clock, type Id } from '@proofline/kernel';
import type { EvidenceDraft } from '@proofline/ledger';
import {
  ProblemError,
  type Acr,
  type Decision,
  type HttpExchange,
  type SignInMode,
} from '@proofline/protocol';
import type { Storage } from '@proofline/storage';
import { createSessions, customerCookieName, type GrantBasis, type Sessions } from '../index.ts';
import type { SessionsDeps, SessionsPeers } from '../context.ts';

export const staffOrigin = 'http://staff.localhost:4400';
export const customersOrigin = 'http://customers.localhost:4400';
export const gatewayOrigin = 'http://gateway.localhost:4410';
export const billingOrigin = 'https://billing.example';
export const issuerUrl = `${staffOrigin}/oidc`;
export const customersIssuerUrl = `${customersOrigin}/oidc`;
/** Under which the issuer’s cookies and the challenges of bound sessions are signed. */
export const cookieKey = 'a-cookie-key-of-this-test-only-000';
export const redirectUri = `${staffOrigin}/callback.html`;

/** The system's clock, which oidc-provider reads by itself, moved by what a test asks for. */
function movableClock(): Clock & { advance(ms: number): void } {
  let offsetMs = 0;
  return {
    now: () => Date.now() + offsetMs,
    advance: (ms) => {
      offsetMs += ms;
    },
  };
}

type MovableClock = ReturnType<typeof movableClock>;

/** The module with real storage and a real port; ledger, PDP and people are stand-ins. */
export interface World {
  readonly sessions: Sessions;
  /** Another process on the same database. */
  readonly other: () => Sessions;
  readonly port: number;
  readonly clock: MovableClock;
  readonly ports: { readonly clock: Clock; readonly random: typeof systemRandom };
  readonly evidence: (EvidenceDraft & { readonly evidenceId: Id<'evt'> })[];
  readonly anna: Id<'stf'>;
  readonly bela: Id<'stf'>;
  readonly inactive: Set<string>;
  readonly basis: { found: Awaited<ReturnType<GrantBasis['find']>> };
  readonly pdp: { permits: boolean };
  readonly service: { readonly clientId: string; readonly privateKey: CryptoKey };
  readonly signingKey: JWK;
  readonly endedSessions: string[];
  /** What applications were told. */
  readonly logouts: {
    told: { url: string; token: string }[];
    areRefused: boolean;
    /** What a SAML tool answers to an envelope. */
    answerSoap: SessionsDeps['postSoap'];
  };
  /** What applications were told of their requests. */
  readonly pings: {
    told: { url: string; token: string; authReqId: string }[];
    areRefused: boolean;
  };
  /** Who was asked to sign in, and told so. */
  readonly asked: string[];
  readonly lockedSessions: string[];
  readonly deskModes: Record<string, SignInMode>;
  /** Of those who have one. */
  readonly desks: Map<string, string>;
  /** By their account number. */
  readonly accountHolders: Map<string, Id<'cus'>>;
  close(): Promise<void>;
}

async function es256(kid?: string) {
  const pair = await generateKeyPair('ES256', { extractable: true });
  const publicJwk = await exportJWK(pair.publicKey);
  const privateJwk = await exportJWK(pair.privateKey);
  const named = kid ?? (await calculateJwkThumbprint(publicJwk));
  return {
    privateKey: pair.privateKey,
    publicJwk: { ...publicJwk, kid: named, alg: 'ES256', use: 'sig' },
    privateJwk: { ...privateJwk, kid: named, alg: 'ES256', use: 'sig' },
  };
}

/** A ledger that keeps what it is told. */
function ledgerInto(evidence: World['evidence'], ports: World['ports']): SessionsDeps['ledger'] {
  const keep = (draft: EvidenceDraft) => {
    const evidenceId = newId('evt', ports);
    evidence.push({ ...draft, evidenceId });
    return evidenceId;
  };
  return {
    record: async (_tx, draft) => keep(draft),
    recordAll: async (_tx, drafts) => drafts.map(keep),
    sealAll: (drafts) => ({ ids: drafts.map(keep), inserts: [] }),
    durable: async () => ({ index: 0 }),
    newestFacts: async (kinds) => evidence.findLast(({ kind }) => kinds.includes(kind))?.facts,
  };
}

const nobodyToldYet = (): World['logouts'] => ({
  told: [],
  areRefused: false,
  answerSoap: () => Promise.reject(new Error('nobody answers')),
});

/** Applications that keep what they are told, or are not there. */
function takeLogouts(logouts: World['logouts']): SessionsDeps['postLogout'] {
  return async (sent) => {
    if (logouts.areRefused) throw new Error('nobody answers');
    logouts.told.push(sent);
  };
}

/** The same for those who wait for an answer. */
function takePings(pings: World['pings']): SessionsDeps['postPing'] {
  return async (sent) => {
    if (pings.areRefused) throw new Error('nobody answers');
    pings.told.push(sent);
    return 'taken';
  };
}

/** An id that was made at no time, for a hint that nobody answers to. */
const isNobody = (subjectId: string) => /^(stf|cus)_0000000000/.test(subjectId);

/** The rooms above, as far as these tests need them. */
type Given = Pick<World, 'ports' | 'basis' | 'pdp' | 'inactive' | 'desks' | 'accountHolders'>;

function peersOf({ accountHolders, basis, desks, inactive, pdp, ports }: Given): SessionsPeers {
  return {
    grantBasis: { find: async () => basis.found },
    breakGlassBasis: { find: async () => undefined },
    credentialSources: [],
    decider: {
      decide: () => Promise.reject(new Error('not used here')),
      preview: () => Promise.reject(new Error('not used here')),
      previewFields: () => Promise.reject(new Error('not used here')),
      require: async (input) => {
        if (!pdp.permits) throw new ProblemError('access.denied');
        const { action, resource } = input;
        return decision({ action, resource, ids: ports });
      },
    },
    findStaff: async (subjectId) =>
      isNobody(subjectId)
        ? undefined
        : {
            active: !inactive.has(subjectId),
            displayName: 'Anna Test',
            roles: ['billing-agent'],
            ...(desks.has(subjectId) && { desk: desks.get(subjectId)! }),
          },
    findCustomer: async (id) =>
      inactive.has(id) || isNobody(id) ? undefined : { name: 'Cora Test', accountNumber: 'N-1001' },
    findAccountHolder: async (accountNumber) => accountHolders.get(accountNumber),
  };
}

const settings = {
  tenant: 'test',
  staffOrigin,
  customersOrigin,
  gatewayOrigin,
  resourceOrigins: [billingOrigin],
  internalLogoutOrigins: [],
  kek: new Uint8Array(32).fill(7),
  signingKeyDays: 90,
  cookieKeys: [cookieKey],
  attestationPolicy: { authorities: [], allowedAaguids: [], statuses: [] },
} satisfies Partial<SessionsDeps>;

export async function createWorld(
  storage: Storage,
  more: Pick<SessionsDeps, 'saml'> & Partial<Pick<SessionsDeps, 'resourceOrigins'>> = {},
): Promise<World> {
  const clock = movableClock();
  const ports = { clock, random: systemRandom };
  const evidence: World['evidence'] = [];
  const basis: World['basis'] = { found: undefined };
  const pdp = { permits: true };
  const inactive = new Set<string>();
  const { heard, on } = listen();
  const logouts = nobodyToldYet();
  const pings: World['pings'] = { told: [], areRefused: false };
  const deskModes: World['deskModes'] = {};
  const desks: World['desks'] = new Map();
  const accountHolders: World['accountHolders'] = new Map();
  const signing = await es256('signing-1');
  const service = await es256();
  const clientId = newId('svc', ports);
  const deps: SessionsDeps = {
    storage,
    clock,
    random: systemRandom,
    ...settings,
    postLogout: takeLogouts(logouts),
    postPing: takePings(pings),
    ...on,
    postSoap: (sent) => logouts.answerSoap(sent),
    signingKeys: [signing.privateJwk],
    deskModes,
    serviceClients: [{ clientId, role: 'gateway', publicJwk: service.publicJwk }],
    ledger: ledgerInto(evidence, ports),
    ...more,
  };
  const start = () => {
    const started = createSessions(deps);
    started.bind(peersOf({ ports, basis, pdp, inactive, desks, accountHolders }));
    return started;
  };
  const sessions = start();
  const { port, close } = await open(sessions);
  return {
    sessions,
    other: start,
    port,
    clock,
    ports,
    evidence,
    anna: newId('stf', ports),
    bela: newId('stf', ports),
    inactive,
    basis,
    pdp,
    service: { clientId, privateKey: service.privateKey },
    signingKey: signing.publicJwk,
    ...heard,
    logouts,
    pings,
    deskModes,
    desks,
    accountHolders,
    close,
  };
}

/** What the composition above would be told. */
function listen() {
  const heard = { endedSessions: [], lockedSessions: [], asked: [] } satisfies Heard;
  const { asked, endedSessions, lockedSessions }: Heard = heard;
  const on: Pick<SessionsDeps, 'onSessionEnded' | 'onSessionLocked' | 'onSignInAsked'> = {
    onSessionLocked: ({ sessionId }) => lockedSessions.push(sessionId),
    onSessionEnded: ({ sessionId }) => endedSessions.push(sessionId),
    onSignInAsked: ({ subjectId }) => asked.push(subjectId),
  };
  return { heard, on };
}

type Heard = Record<'asked' | 'endedSessions' | 'lockedSessions', string[]>;

async function open(sessions: Sessions) {
  const server = createServer((incoming, outgoing) => {
    const isCustomers = incoming.headers.host === new URL(customersOrigin).host;
    void (isCustomers ? serveCustomers : serve)(sessions, incoming, outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has an address with a port.
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, close };
}

function decision(of: Pick<Decision, 'action' | 'resource'> & { ids: World['ports'] }): Decision {
  return {
    decisionId: newId('dec', of.ids),
    evidenceId: newId('evt', of.ids),
    effect: 'permit',
    forbidden: false,
    action: of.action,
    resource: of.resource,
    reasons: [],
    remedies: [],
    obligations: {},
    release: { sequence: 1, digest: 'd' },
    decidedAt: new Date(of.ids.clock.now()).toISOString(),
  };
}

/** The customers’ issuer, and beside it their page, which believes whatever customer it is told. */
async function serveCustomers(
  sessions: Sessions,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
) {
  const url = new URL(incoming.url ?? '', customersOrigin);
  const [, , , , uid = '', verb] = url.pathname.split('/');
  if (!url.pathname.startsWith('/api/customer/sign-ins/'))
    return sessions.customersIssuer(incoming, outgoing, await buffer(incoming));
  const answer = (status: number, body: unknown) => {
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  };
  const flow = sessions.customerSignInFlow;
  try {
    const http = exchange(incoming, outgoing);
    if (verb === undefined) return answer(200, await flow.prompt(http, uid));
    if (verb === 'cancel') return answer(200, await flow.cancel(http, uid));
    const customerId = url.searchParams.get('subject');
    if (!isId('cus', customerId)) return answer(400, {});
    const ports = { clock: { now: () => Date.now() }, random: systemRandom };
    const { termsDigest } = await flow.prompt(http, uid);
    const done = await flow.finish(http, uid, {
      customerId,
      acr: url.searchParams.get('acr') === 'phrh' ? 'phrh' : 'phr',
      amr: ['pop', 'swk', 'user'],
      authenticatorId: newId('ath', ports),
      authenticatorEvidenceId: newId('evt', ports),
      termsDigest: url.searchParams.get('terms') ?? termsDigest,
      proof: { signed: 'in a test' },
      noteUse: async () => undefined,
    });
    http.setCookie(customerCookieName, done.cookieSecret, { maxAgeSeconds: done.maxAgeSeconds });
    return answer(200, { redirectTo: done.redirectTo });
  } catch (error) {
    return answer(400, {
      code: error instanceof ProblemError ? error.code : 'server.failed',
      detail: error instanceof ProblemError ? error.details.detail : String(error),
    });
  }
}

/** The issuer, and beside it a sign-in page that believes whatever subject it is told. */
async function serve(sessions: Sessions, incoming: IncomingMessage, outgoing: ServerResponse) {
  const url = new URL(incoming.url ?? '', staffOrigin);
  if (sessions.saml && url.pathname.startsWith('/saml/')) {
    return serveSaml(sessions.saml, url, { incoming, outgoing });
  }
  const [, , , uid = '', verb] = url.pathname.split('/');
  if (!url.pathname.startsWith('/api/sign-in/'))
    return sessions.issuer(incoming, outgoing, await buffer(incoming));
  const answer = (status: number, body: unknown) => {
    outgoing.writeHead(status, { 'content-type': 'application/json' });
    outgoing.end(JSON.stringify(body));
  };
  try {
    const http = exchange(incoming, outgoing);
    if (verb === undefined) return answer(200, await sessions.signInFlow.prompt(http, uid));
    if (verb === 'cancel') return answer(200, await sessions.signInFlow.cancel(http, uid));
    const subjectId = url.searchParams.get('subject');
    if (!isId('stf', subjectId)) return answer(400, {});
    const ports = { clock: { now: () => Date.now() }, random: systemRandom };
    const acr: Acr = url.searchParams.get('acr') === 'phrh' ? 'phrh' : 'phr';
    const login = {
      subjectId,
      acr,
      amr: ['pop', acr === 'phrh' ? 'hwk' : 'swk', 'user'],
      authenticatorId: newId('ath', ports),
      authenticatorEvidenceId: newId('evt', ports),
    };
    return answer(200, await sessions.signInFlow.finish(http, uid, login));
  } catch (error) {
    return answer(400, {
      code: error instanceof ProblemError ? error.code : 'server.failed',
      detail: error instanceof ProblemError ? error.details.detail : String(error),
    });
  }
}

async function serveSaml(
  saml: NonNullable<Sessions['saml']>,
  url: URL,
  { incoming, outgoing }: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse },
) {
  const { status, headers, body } = await saml.handle({
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.search.slice(1),
    cookie: incoming.headers.cookie,
    contentType: incoming.headers['content-type'],
    body: await buffer(incoming),
  });
  // Node takes lists of values; ours are only read.
  outgoing.writeHead(status, headers as Record<string, string | string[]>);
  outgoing.end(body);
}

function exchange(incoming: IncomingMessage, outgoing: ServerResponse): HttpExchange {
  return {
    cookie: (name) => cookieValues(incoming.headers.cookie, name)[0],
    setCookie: (name, value) =>
      void outgoing.appendHeader('set-cookie', `${name}=${value}; Path=/`),
    header: () => undefined,
    setHeader: () => undefined,
    node: { incoming, outgoing },
    signal: new AbortController().signal,
  };
}
