import type { Misbehaviour, SoftwareAuthenticator } from '@proofline/assurance/testing';
import {
  attestationPolicy,
  callRoute,
  createFakeHttp,
  createCustomersWorld,
  ORIGIN,
  RP_ID,
} from '@proofline/customers/testing';
import { rowsByPolicies } from '@proofline/decisions/testing';
import { isId, newId, systemClock, systemRandom, type Id } from '@proofline/kernel';
import {
  claimCallCode,
  createCallCode,
  declineOwnRequest,
  declineProof,
  LINK_SECRET_HEADER,
  ownRequestAssertion,
  ownRequestOptions,
  proofAssertion,
  proofOptions,
  readInteraction,
  readOwnRequest,
  readProofContext,
  requestProof,
  startInteraction,
  type CaseType,
  type CustomerCaller,
  type ServiceCaller,
  type StaffCaller,
} from '@proofline/protocol';
import type { GrantFacts } from '@proofline/sessions';
import type { Storage } from '@proofline/storage';
import { createInteractions } from '../create-interactions.ts';
import type { ChangeEvent, StaffFacts } from '../types.ts';

/** The telephony system of tests. */
export const telephony: ServiceCaller = {
  kind: 'service',
  subjectId: 'svc_tel',
  role: 'telephony',
};

/** A colleague who is signed in. */
export function staffCaller(): StaffCaller {
  const ports = { clock: systemClock, random: systemRandom };
  return {
    kind: 'staff',
    subjectId: newId('stf', ports),
    sessionId: newId('ses', ports),
    roles: ['billing-agent'],
  };
}

/** A staff directory, with the people whom every test needs. */
function createDirectory() {
  const ana = staffCaller();
  const ben = staffCaller();
  const lead = staffCaller();
  const people = new Map<string, StaffFacts>([
    [ana.subjectId, { displayName: 'Ana Ruiz', desk: 'Harbour', roles: ['billing-agent'] }],
    [ben.subjectId, { displayName: 'Ben Kaya', desk: 'Hill', roles: ['billing-agent'] }],
    [lead.subjectId, { displayName: 'Lea Sand', desk: 'Harbour', roles: ['team-lead'] }],
  ]);
  return { ana, ben, lead, people };
}

/** The module over real customers, with stand-ins for the rooms around both. */
export function createInteractionsWorld(storage: Storage, tenant = 'acme') {
  const below = createCustomersWorld(storage, tenant);
  const directory = createDirectory();
  const events: ChangeEvent[] = [];
  const endedGrants: Id<'int'>[] = [];
  const grants = new Map<string, GrantFacts>();
  /** What else happens while the decider looks. */
  const during = { preview: async () => {} };
  const interactions = createInteractions({
    storage,
    ledger: below.ledger,
    clock: below.clock,
    random: below.random,
    tenant,
    customersOrigin: ORIGIN,
    rpId: RP_ID,
    companyName: 'Meridian',
    attestationPolicy,
    customers: below.customers,
    sessions: {
      findGrant: (grantId) => Promise.resolve(grants.get(grantId)),
      endGrantsOf(_tx, interactionId) {
        endedGrants.push(interactionId);
        return Promise.resolve();
      },
    },
    staffOf: (subjectId) => Promise.resolve(directory.people.get(subjectId)),
    async preview(input, actions) {
      await during.preview();
      const allowed = input.resource.id !== '*';
      return actions.map((action) => ({ action, allowed, remedies: [] }));
    },
    isBeingRecovered: async () => false,
    previewFields: () =>
      Promise.resolve([
        { category: 'health', shown: 'hidden', says: 'No type of case shows it.', policies: [] },
      ]),
    rowsPermitted: rowsByPolicies(async (id) => directory.people.get(id)),
    notify: (event) => events.push(event),
  });
  below.whenRemoved((tx, removed) => interactions.endProofsOn(tx, removed));
  const world = { ...below, ...directory, events, endedGrants, grants, during, interactions };
  const mounted = [...below.routes, ...interactions.routes];
  return { ...world, routes: mounted, ...actorsOf(world, mounted) };
}

type World = Pick<ReturnType<typeof createCustomersWorld>, 'customers' | 'phone' | 'storage'> & {
  readonly ana: StaffCaller;
};

let calls = 0;

/** What people do in tests. */
function actorsOf(world: World, mounted: Parameters<typeof callRoute>[0]) {
  const page = pageOf(world, mounted);

  async function ring(caller = world.ana): Promise<Id<'int'>> {
    calls += 1;
    const body = { externalId: `call-${calls}`, channel: 'call', agentId: caller.subjectId };
    const started = await callRoute(mounted, startInteraction, { caller: telephony, body });
    return started.interactionId;
  }

  function ask(interactionId: Id<'int'>, accountNumber: string, how: Asking = {}) {
    return callRoute(mounted, requestProof, {
      caller: how.caller ?? world.ana,
      params: { interactionId },
      body: { accountNumber, purpose: how.purpose ?? 'billing' },
    });
  }

  function claim(interactionId: Id<'int'>, code: string, how: Asking = {}) {
    return callRoute(mounted, claimCallCode, {
      caller: how.caller ?? world.ana,
      params: { interactionId },
      body: { code, purpose: how.purpose ?? 'billing' },
    });
  }

  async function sign(
    device: SoftwareAuthenticator,
    prompted: Prompted,
    misbehave: Misbehaviour = {},
  ) {
    const request = { options: prompted.publicKey, origin: ORIGIN, misbehave };
    return { ceremonyId: prompted.ceremonyId, credential: await device.assert(request) };
  }

  async function customerCaller(accountNumber: string): Promise<CustomerCaller> {
    const customer = await world.customers.findByAccountNumber(world.storage.db, accountNumber);
    const sessionId = newId('ses', { clock: systemClock, random: systemRandom });
    if (!customer) throw new Error('no such customer');
    return { kind: 'customer', customerId: customer.customerId, sessionId };
  }

  async function codeOf(accountNumber: string): Promise<string> {
    const caller = await customerCaller(accountNumber);
    return (await callRoute(mounted, createCallCode, { caller })).code;
  }

  function panel(interactionId: Id<'int'>, caller = world.ana) {
    return callRoute(mounted, readInteraction, { caller, params: { interactionId } });
  }

  /** Everything at once: the agent asks by account number, and the customer confirms. */
  async function prove(
    interactionId: Id<'int'>,
    accountNumber: string,
    device: SoftwareAuthenticator,
  ) {
    const request = await ask(interactionId, accountNumber);
    const prompted = await page.prompt(request.proofRequestId, request.matchingNumber);
    await page.answer(request.proofRequestId, await sign(device, prompted));
    return request;
  }

  return { ring, ask, claim, sign, customerCaller, codeOf, panel, prove, ...page };
}

/** The customer's page, as opened by a message's link or, for `by`, by their own session. */
function pageOf(world: World, mounted: Parameters<typeof callRoute>[0]) {
  /** The secret of the link that was sent for a request; a wrong one where none was. */
  async function linkSecretOf(proofRequestId: Id<'prq'>): Promise<string> {
    await world.customers.messages.deliver();
    const sent = world.phone.inbox.find(({ link }) => link.includes(proofRequestId));
    return sent?.link.split('#')[1] ?? 'B'.repeat(43);
  }

  async function opened(proofRequestId: Id<'prq'>, body?: unknown) {
    const secret = await linkSecretOf(proofRequestId);
    return withSecret(proofRequestId, { secret, body });
  }

  function withSecret(
    proofRequestId: Id<'prq'>,
    { secret, body }: { readonly secret?: string; readonly body?: unknown },
  ) {
    const http = createFakeHttp(secret === undefined ? {} : { [LINK_SECRET_HEADER]: secret });
    return { params: { proofRequestId }, body, http };
  }

  async function look(proofRequestId: Id<'prq'>, by?: CustomerCaller) {
    return by
      ? callRoute(mounted, readOwnRequest, { caller: by, params: { proofRequestId } })
      : callRoute(mounted, readProofContext, await opened(proofRequestId));
  }

  async function prompt(proofRequestId: Id<'prq'>, matchingNumber?: string, by?: CustomerCaller) {
    const body = matchingNumber === undefined ? {} : { matchingNumber };
    return by
      ? callRoute(mounted, ownRequestOptions, { caller: by, params: { proofRequestId }, body })
      : callRoute(mounted, proofOptions, await opened(proofRequestId, body));
  }

  async function answer(proofRequestId: Id<'prq'>, body: unknown, by?: CustomerCaller) {
    return by
      ? callRoute(mounted, ownRequestAssertion, { caller: by, params: { proofRequestId }, body })
      : callRoute(mounted, proofAssertion, await opened(proofRequestId, body));
  }

  async function decline(
    proofRequestId: Id<'prq'>,
    because: 'not-me' | 'not-now',
    by?: CustomerCaller,
  ) {
    const body = { because };
    return by
      ? callRoute(mounted, declineOwnRequest, { caller: by, params: { proofRequestId }, body })
      : callRoute(mounted, declineProof, await opened(proofRequestId, body));
  }

  return { linkSecretOf, withSecret, look, prompt, answer, decline };
}

interface Asking {
  readonly caller?: StaffCaller;
  readonly purpose?: CaseType;
}
interface Prompted {
  readonly ceremonyId: string;
  readonly publicKey: unknown;
}

/** An id of the right form that was never given out. */
export function strangerId<P extends 'int' | 'prq' | 'cse'>(prefix: P): Id<P> {
  const id = newId(prefix, { clock: systemClock, random: systemRandom });
  if (!isId(prefix, id)) throw new Error('ids are broken');
  return id;
}
