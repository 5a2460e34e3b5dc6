import { rowsByPolicies } from '@proofline/decisions/testing';
import { fixedClock, isId, newId, type Id, type JsonObject } from '@proofline/kernel';
import { seededRandom } from '@proofline/kernel/node';
import type { EvidenceDraft, EvidenceWriter } from '@proofline/ledger';
import type { HttpExchange, MountedRoute, Role } from '@proofline/protocol';
import type { Login, SessionFacts, SessionRegistry, SignInFlow } from '@proofline/sessions';
import type { Db, Migration, Storage } from '@proofline/storage';
import {
  createSoftwareAuthenticator,
  createTestAuthority,
  type SoftwareAuthenticator,
} from '@proofline/assurance/testing';
import { createWorkforce, type WorkforceDeps } from '../index.ts';
import type { OnboardingChanged, OwnAuthenticatorsChanged } from '../types.ts';

export const STAFF_ORIGIN = 'http://staff.localhost:4400';
export const RP_ID = 'staff.localhost';

/** Evidence in a table of its own, so that it commits or not with the state. */
export const evidenceMigration: Migration = {
  id: 'bench-1',
  why: 'A stand-in for the ledger.',
  sql: 'CREATE TABLE bench_evidence (id text PRIMARY KEY, tenant text, place int, draft text)',
};

type EvidenceTables = {
  bench_evidence: { id: string; tenant: string; place: number; draft: string };
};
type Draft = EvidenceDraft & { readonly id: string; readonly facts: JsonObject };

const authority = await createTestAuthority();

/** Nobody is asked by an application. */
const benchRequests: WorkforceDeps['signInRequests'] = {
  list: async () => ({ requests: [], silenced: [] }),
  find: async () => undefined,
  isTakenFrom: async () => false,
  prepareAllowing: async () => undefined,
  refuse: async () => false,
  hearAgain: async () => undefined,
};

/** The module with stand-ins around it, on a database that several benches may share. */
export function createBench(storage: Storage, name: string) {
  const clock = fixedClock();
  const random = seededRandom(name);
  const events: OnboardingChanged[] = [];
  const ownEvents: OwnAuthenticatorsChanged[] = [];
  const prompts = new Map<string, Awaited<ReturnType<SignInFlow['prompt']>>>();
  const logins: Login[] = [];
  const live = new Map<string, SessionFacts>();
  const ended: { sessionId: string; because: string; endedBy: string | undefined }[] = [];
  const told: Parameters<WorkforceDeps['messages']['enqueue']>[1][] = [];
  const least = { of: 1 };
  const deps: WorkforceDeps = {
    storage,
    ledger: benchLedger(name, { clock, random }),
    clock,
    random,
    tenant: name,
    staffOrigin: STAFF_ORIGIN,
    rpId: RP_ID,
    companyName: 'Example Telecom',
    attestationPolicy: authority.policy,
    signInFlow: benchFlow(prompts, logins),
    sessions: benchSessions(live, ended),
    signInRequests: benchRequests,
    stopsFor: async () => [],
    rowsPermitted: rowsByPolicies((id) => findStaff(id)),
    directories: [],
    provisioningRoles: {},
    mayGiveRole: async (_directory, role) => role.endsWith('-agent'),
    preview: async (_input, actions) =>
      actions.map((action) => ({ action, allowed: true, remedies: [] })),
    messages: { enqueue: async (_tx, draft) => told.push(draft), kick: () => undefined },
    deskModes: { 'Front desk': 'shared-workstation' },
    leastAuthenticators: () => least.of,
    notify(event) {
      if (event.type === 'onboarding.changed') events.push(event);
      if (event.type === 'own-authenticators.changed') ownEvents.push(event);
    },
  };
  let workforce = createWorkforce(deps);
  const findStaff = async (id: string) =>
    isId('stf', id) ? workforce.findColleague(id) : undefined;

  async function evidence(): Promise<Draft[]> {
    const rows = await storage.db
      .withTables<EvidenceTables>()
      .selectFrom('bench_evidence')
      .selectAll()
      .where('tenant', '=', name)
      .orderBy('place')
      .execute();
    return rows.map(({ id, draft }) => {
      const { facts = {}, ...rest } = JSON.parse(draft) as EvidenceDraft;
      return { ...rest, facts, id };
    });
  }

  return {
    get workforce() {
      return workforce;
    },
    /** Goes on with something else in place of a stand-in. */
    use(overrides: Partial<WorkforceDeps>): void {
      workforce = createWorkforce({ ...deps, ...overrides });
    },
    clock,
    random,
    authority,
    events,
    prompts,
    logins,
    live,
    ended,
    told,
    ownEvents,
    least,
    evidence,
    /** Calls a route as the edge would, after its checks. */
    async call<T>(routeId: string, call: BenchCall = {}): Promise<T> {
      const handler = handlerOf(workforce.routes, routeId);
      const evidenceId = newId('evt', { clock, random });
      return (await handler({
        caller: call.as
          ? { kind: 'staff', subjectId: call.as, sessionId: call.sessionId, roles: [] }
          : { kind: 'anyone' },
        params: call.params,
        query: call.query ?? {},
        body: call.body,
        decision: call.as && { evidenceId },
        requestId: newId('req', { clock, random }),
        http: call.browser ?? createBrowser(),
      })) as T;
    },
  };
}

export type Bench = ReturnType<typeof createBench>;

interface BenchCall {
  readonly as?: Id<'stf'>;
  readonly sessionId?: Id<'ses'>;
  readonly params?: object;
  readonly query?: object;
  readonly body?: object;
  readonly browser?: HttpExchange;
}

function handlerOf(routes: readonly MountedRoute[], id: string) {
  const mounted = routes.find(({ route }) => route.id === id);
  if (!mounted) throw new Error(`no handler for ${id}`);
  // What the edge passes was checked where the handler was bound.
  return mounted.handler as (call: object) => Promise<unknown>;
}

/** A browser's cookie jar. */
export function createBrowser(): HttpExchange {
  const cookies = new Map<string, string>();
  return {
    cookie: (name) => cookies.get(name),
    setCookie: (name, value) => cookies.set(name, value),
    header: () => undefined,
    setHeader: () => undefined,
    node: { incoming: undefined, outgoing: undefined },
    signal: new AbortController().signal,
  };
}

/** An authenticator in somebody's pocket: device-bound, attested by the bench's authority. */
export function createKey(bench: Bench): SoftwareAuthenticator {
  return createSoftwareAuthenticator({ kind: 'device-bound', authority, random: bench.random });
}

function benchLedger(tenant: string, ports: Parameters<typeof newId>[1]): EvidenceWriter {
  let place = 0;
  return {
    async record(tx: Db, draft) {
      place += 1;
      const id = newId('evt', ports);
      await tx
        .withTables<EvidenceTables>()
        .insertInto('bench_evidence')
        .values({ id, tenant, place, draft: JSON.stringify(draft) })
        .execute();
      return id;
    },
    durable: async () => ({ index: 0 }),
  };
}

function benchFlow(
  prompts: ReadonlyMap<string, Awaited<ReturnType<SignInFlow['prompt']>>>,
  logins: Login[],
): SignInFlow {
  return {
    async prompt(_http, uid) {
      const prompt = prompts.get(uid);
      if (!prompt) throw new Error(`no interaction ${uid}`);
      return prompt;
    },
    async finish(_http, uid, login) {
      logins.push(login);
      return { redirectTo: `/oidc/auth/${uid}` };
    },
    cancel: async (_http, uid) => ({ redirectTo: `/oidc/auth/${uid}?cancelled` }),
  };
}

function benchSessions(
  live: Map<string, SessionFacts>,
  ended: { sessionId: string; because: string; endedBy: string | undefined }[],
): SessionRegistry {
  return {
    findLive: async (sessionId) => live.get(sessionId),
    liveSessionsOf: async (subjectId) =>
      [...live.values()].filter((session) => session.subjectId === subjectId),
    async listLive(subjectId) {
      const sessions = [...live.values()]
        .filter(({ realm }) => realm === 'workforce')
        .filter((session) => subjectId === undefined || session.subjectId === subjectId)
        .map((session) => ({
          ...session,
          lastSeenAtMs: session.startedAtMs,
          boundTo: 'console-key' as const,
        }));
      return { sessions, total: { count: sessions.length, isExact: true } };
    },
    findGrant: async () => undefined,
    lockSession: async () => undefined,
    async endSession(sessionId, because, endedBy) {
      live.delete(sessionId);
      ended.push({ sessionId, because, endedBy });
    },
    endGrantsOf: async () => undefined,
    signOutElsewhere: async () => undefined,
    async endSessionsOn(_tx, { authenticatorId }) {
      ended.push({
        sessionId: authenticatorId,
        because: 'authenticator-removed',
        endedBy: undefined,
      });
      return () => undefined;
    },
  };
}

/** A founder with a registered passkey: an active colleague in one step. */
export async function foundActive(
  bench: Bench,
  people: readonly { readonly displayName: string; readonly role: Role; readonly desk?: string }[],
) {
  const invitations = await bench.workforce.foundStaff(
    people.map(({ displayName, role, desk = 'Lisbon' }, index) => {
      return { displayName, role, desk, employeeNumber: `F-${index + 1}` };
    }),
  );
  const founders = [];
  for (const invitation of invitations) {
    const browser = createBrowser();
    const key = createKey(bench);
    await enrol(bench, { link: invitation.link, browser, key });
    founders.push({ ...invitation, browser, key });
  }
  return founders;
}

/** Opens a link and registers a passkey; answers what the screen shows. */
export async function enrol(
  bench: Bench,
  { browser, key, link }: { link: string; browser: HttpExchange; key: SoftwareAuthenticator },
) {
  const secret = new URL(link).hash.slice(1);
  await bench.call('onboarding.open', { browser, body: { secret } });
  return registerOn(bench, { browser, key });
}

/** Registers a passkey on the device that opened a link. */
export async function registerOn(
  bench: Bench,
  {
    browser,
    key,
    misbehave,
  }: { browser: HttpExchange; key: SoftwareAuthenticator } & Pick<
    Parameters<SoftwareAuthenticator['register']>[0],
    'misbehave'
  >,
) {
  const options = await bench.call<Options>('onboarding.options', { browser });
  const credential = await key.register({
    options: options.publicKey,
    origin: STAFF_ORIGIN,
    ...(misbehave && { misbehave }),
  });
  const body = { ceremonyId: options.ceremonyId, credential };
  return bench.call<Screen>('onboarding.passkey', { browser, body });
}

/** What a ceremony's options route answers. */
export interface Options {
  readonly ceremonyId: string;
  readonly publicKey: JsonObject;
}

/** What the new colleague's screen shows. */
export interface Screen {
  readonly state: string;
  readonly confirmationCode?: string;
  readonly expiresAt: string;
}
