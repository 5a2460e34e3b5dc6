import type { Misbehaviour, SoftwareAuthenticator } from '@proofline/assurance/testing';
import {
  attestationPolicy,
  callRoute,
  createCustomersWorld,
  ORIGIN,
  RP_ID,
} from '@proofline/customers/testing';
import { isId, newId, systemClock, systemRandom, type Id } from '@proofline/kernel';
import {
  claimCallCode,
  createCallCode,
  proofAssertion,
  proofOptions,
  readInteraction,
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
    preview: (input, actions) =>
      Promise.resolve(
        actions.map((action) => ({ action, allowed: input.resource.id !== '*', remedies: [] })),
      ),
    notify: (event) => events.push(event),
  });
  const world = { ...below, ...directory, events, endedGrants, grants, interactions };
  const mounted = [...below.routes, ...interactions.routes];
  return { ...world, routes: mounted, ...actorsOf(world, mounted) };
}

type World = Pick<ReturnType<typeof createCustomersWorld>, 'customers' | 'storage'> & {
  readonly ana: StaffCaller;
};

let calls = 0;

/** What people do in tests. */
function actorsOf(world: World, mounted: Parameters<typeof callRoute>[0]) {
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

  /** The customer's page: number, prompt, passkey, answer. */
  async function prompt(proofRequestId: Id<'prq'>, matchingNumber?: string) {
    const body = matchingNumber === undefined ? {} : { matchingNumber };
    return callRoute(mounted, proofOptions, { params: { proofRequestId }, body });
  }

  async function sign(
    device: SoftwareAuthenticator,
    prompted: Prompted,
    misbehave: Misbehaviour = {},
  ) {
    const request = { options: prompted.publicKey, origin: ORIGIN, misbehave };
    return { ceremonyId: prompted.ceremonyId, credential: await device.assert(request) };
  }

  function answer(proofRequestId: Id<'prq'>, body: unknown) {
    return callRoute(mounted, proofAssertion, { params: { proofRequestId }, body });
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
    const prompted = await prompt(request.proofRequestId, request.matchingNumber);
    await answer(request.proofRequestId, await sign(device, prompted));
    return request;
  }

  return { ring, ask, claim, prompt, sign, answer, customerCaller, codeOf, panel, prove };
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
