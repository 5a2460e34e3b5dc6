import { decisionsWorld } from '@proofline/decisions/testing';
import { newId, type Id } from '@proofline/kernel';
import { Approval, type ApprovalContent, type ResultOutcome, type Role } from '@proofline/protocol';
import {
  contentDigest,
  createApprovals,
  migrations,
  type ApprovalChanged,
  type BreakGlassChanged,
  type BreakGlassPorts,
  type CallbackNotice,
  type Callbacks,
} from '../index.ts';

/** A colleague as the tests act as them. */
export interface Person {
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly displayName: string;
  readonly desk: string;
  readonly roles: readonly Role[];
}

/** Gives somebody an id and a session. */
const seat =
  (ports: Parameters<typeof newId>[1]) =>
  (displayName: string, desk: string, ...roles: Role[]): Person => ({
    subjectId: newId('stf', ports),
    sessionId: newId('ses', ports),
    displayName,
    desk,
    roles,
  });

const ownProviders = [
  'approval',
  'approvalRequest',
  'breakGlass',
  'breakGlassRequest',
  'staff',
  'interaction',
];

/** The module above the real PDP with the product's policies; calls routes as the edge does. */
export async function approvalsWorld() {
  const base = await decisionsWorld({
    migrations,
    ownProviders,
    onReported: (refs) => void approvals.resultReported(refs),
  });
  const { decisions, ids } = base;
  const person = seat(base);
  const agent = { ...person('Ines Amaral', 'Harbour', 'billing-agent'), subjectId: ids.agent };
  const people = {
    agent,
    colleague: person('Tomas Weiss', 'Harbour', 'billing-agent'),
    supervisor: person('Ruth Okafor', 'Harbour', 'supervisor'),
    secondSupervisor: person('Lena Brandt', 'Harbour', 'supervisor'),
    otherDesk: person('Piotr Zielinski', 'Quay', 'supervisor'),
    both: person('Noor Haddad', 'Harbour', 'billing-agent', 'supervisor'),
    security: person('Mara Dahl', 'Head office', 'security-admin'),
    auditor: person('Odd Larsen', 'Head office', 'auditor'),
  };
  const find = (id: string) => Object.values(people).find((one) => one.subjectId === id);
  const call = { state: 'live', agentId: agent.subjectId as string };
  const events: (ApprovalChanged | BreakGlassChanged)[] = [];
  const { emergency, ports: breakGlass } = emergencyPorts(base.ids.customer, find);
  const revokedSessions = new Set<string>();
  const listener: Listener = { url: 'https://pep.example/ended', answers: true, told: [] };
  const approvals = createApprovals({
    ...base,
    tenant: 'hx',
    staffOf: async (id) => find(id),
    wasRevoked: async (sessionId) => revokedSessions.has(sessionId),
    callbacks: callbacksTo(listener),
    notify: (event) => events.push(event),
    breakGlass,
  });
  for (const provider of approvals.factsProviders) decisions.registerFacts(provider);
  decisions.registerAccessRequests(approvals.accessRequests);
  decisions.registerFacts({
    name: 'staff',
    gather: async ({ subject }) => {
      const staff = find(subject.id);
      if (!staff) return undefined;
      const { desk, roles } = staff;
      return { values: { roles, desk, active: true, recovered: false } };
    },
  });
  decisions.registerFacts({
    name: 'interaction',
    gather: async ({ subject, resource, grantId }) => {
      if (resource.id !== ids.call && !grantId) return undefined;
      const assignedToSubject = call.agentId === subject.id;
      return { values: { state: call.state, assignedToSubject, sameDesk: true, wrongCodes: 0 } };
    },
  });

  const content = (amountCents = 25_000): ApprovalContent => ({
    interactionId: ids.call,
    action: 'refund:initiate',
    resource: { type: 'Account', id: 'HX-20017' },
    body: { invoiceId: 'INV-7', amountCents, reason: 'duplicate-charge' },
  });
  /** Serves a route: the edge's decision first, then the handler. */
  const serve = async (
    id: string,
    as: Person,
    given: { params?: object; body?: object; query?: object } = {},
  ) => {
    const mounted = approvals.routes.find(({ route }) => route.id === id);
    if (!mounted?.route.action || !mounted.route.resource) throw new Error(`no route ${id}`);
    const { action, resource } = mounted.route;
    const params: Record<string, string> = { ...given.params };
    const decision = await decisions.require({
      subject: { type: 'Staff', id: as.subjectId },
      sessionId: as.sessionId,
      action,
      resource: { type: resource.type, id: resource.param ? params[resource.param]! : '*' },
    });
    const caller = { kind: 'staff', ...as };
    return mounted.handler({ caller, query: {}, ...given, params, decision } as never);
  };
  const ask = async (as: Person, body: object = content()) =>
    Approval.parse(await serve('approvals.request', as, { body }));
  const answer = async (
    as: Person,
    approvalId: string,
    verdict: 'approve' | 'reject' = 'approve',
  ) =>
    Approval.parse(
      await serve('approvals.decide', as, {
        params: { approvalId },
        body: { verdict, reasonCode: 'duplicate-charge' },
      }),
    );
  const withdraw = async (as: Person, approvalId: string) =>
    Approval.parse(await serve('approvals.withdraw', as, { params: { approvalId } }));
  const list = async (as: Person, state?: Approval['state']) => {
    const reply = await serve('approvals.list', as, { query: { ...(state && { state }) } });
    return (reply as { approvals: Approval[] }).approvals;
  };
  /** The refund as the gateway asks for it, for whatever content it was sent. */
  const refund = (sent = content(), as: Person = agent) =>
    decisions.decide({
      subject: { type: 'Staff', id: as.subjectId },
      sessionId: as.sessionId,
      grantId: ids.grant,
      action: sent.action,
      resource: sent.resource,
      request: {
        amountCents: Number(sent.body['amountCents']),
        contentDigest: contentDigest(sent),
      },
    });
  /** What the gateway reports of a permit. */
  const report = (decisionId: Id<'dec'>, outcome: ResultOutcome) => {
    const mounted = decisions.routes.find(({ route }) => route.id === 'decisions.result')!;
    return mounted.handler({ body: { decisionId, outcome, upstreamStatus: 200 } } as never);
  };
  const acting = { ask, answer, withdraw, list, refund, report, listener };
  const rest = { approvals, events, call, content, revokedSessions, emergency, serve };
  return { ...base, ...people, ...acting, ...rest };
}

/** What break-glass knows of people and sessions: a test says who is gone, and who brought whom in. */
function emergencyPorts(customerId: string, find: (id: string) => Person | undefined) {
  const emergency = {
    endedSessions: new Set<string>(),
    broughtIn: new Set<string>(),
    /** Just these two. */
    broughtInPairs: new Set<string>(),
    /** Who goes between a question and its commit. */
    goneMeanwhile: new Set<string>(),
    told: [] as string[],
  };
  const ports: BreakGlassPorts = {
    reviewHours: 72,
    sessionLives: async (sessionId) => !emergency.endedSessions.has(sessionId),
    customerOf: async (number) => (number === 'HX-20017' ? customerId : undefined),
    findIn: async (_tx, id) => (emergency.goneMeanwhile.has(id) ? undefined : find(id)),
    broughtIn: async (...both) =>
      both.some((id) => emergency.broughtIn.has(id)) ||
      emergency.broughtInPairs.has(both.join(' ')),
    tell: async (_tx, subjectId, text) => void emergency.told.push(`${subjectId}: ${text}`),
  };
  return { emergency, ports };
}

/** Where an enforcement point listens. */
interface Listener {
  readonly url: string;
  answers: boolean;
  readonly told: CallbackNotice[];
}

function callbacksTo(listener: Listener): Callbacks {
  return {
    isAllowed: async ({ endpoint, serviceId }) =>
      endpoint === listener.url && serviceId === 'svc_gateway',
    send: async (notice) => {
      listener.told.push(notice);
      if (!listener.answers) throw new Error('nobody is there');
    },
  };
}
