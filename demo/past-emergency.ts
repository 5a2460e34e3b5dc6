import { createApprovals } from '@proofline/approvals';
import { newId, type Id } from '@proofline/kernel';
import { BreakGlass, type Role, type StaffCaller } from '@proofline/protocol';
import type { RunningServer } from '@proofline/server/start';
import type { PastPdp } from './past-work.ts';
import { demoStaff, founders } from './staff.ts';

type Composition = RunningServer['composition'];

/** Whose record it was: a customer of the demo’s CRM. */
const RECORD = 'MH-10007';

/**
 * One emergency access of before the first start: asked for by a supervisor, opened by security, used twice,
 * ended and judged by the auditor. Each step is taken by the room itself, and decided.
 */
export async function seedPastEmergency(composition: Composition, pdp: PastPdp): Promise<void> {
  const colleagues = await composition.workforce.listColleagues();
  // Nobody has signed in yet: who will stand in which role is what the demo’s own list says.
  const actor = (name: string): StaffCaller => {
    const found = colleagues.find(({ displayName }) => displayName === name);
    const role = demoStaff.find(({ displayName }) => displayName === name)?.role;
    if (!found || !role) throw new Error(`${name} is not among the demo’s staff`);
    const sessionId = newId('ses', composition);
    return {
      kind: 'staff',
      subjectId: found.subjectId,
      sessionId,
      roles: [role],
    };
  };
  const room = openRoom(composition, pdp);
  const asker = actor(founders.supervisor);
  const opener = actor(founders.security);
  const judge = actor(founders.auditor);
  const asked = await room.take(asker, 'request', {
    body: {
      accountNumber: RECORD,
      categories: ['contact', 'invoice'],
      reasonCode: 'proof-unavailable',
      note: 'The line to the customers’ page is down, and a bailiff stands at the door.',
      minutes: 15,
    },
  });
  const params = { breakGlassId: asked.breakGlassId };
  await room.take(opener, 'answer', { params, body: { answer: 'open' } });
  await room.read(asker, 'account:read');
  await room.read(asker, 'invoice:read');
  await room.take(asker, 'end', { params });
  await room.take(judge, 'review', {
    params,
    body: { verdict: 'justified', words: 'Read once, for the call that was on the line.' },
  });
}

type Given = Readonly<Partial<Record<'params' | 'body', object>>>;

/** The room of approvals as it was then: of the same tables and the same log. */
function openRoom(composition: Composition, { past, present }: PastPdp) {
  const { customers, storage } = composition;
  const approvals = createApprovals({
    ...composition,
    decisions: past,
    staffOf: async (id) => staffOf(await composition.workforce.findColleague(id)),
    wasRevoked: async () => false,
    callbacks: { isAllowed: async () => false, send: async () => undefined },
    notify: () => undefined,
    breakGlass: {
      reviewHours: 72,
      sessionLives: async () => true,
      customerOf: async (number) =>
        (await customers.findByAccountNumber(storage.db, number))?.customerId,
      findIn: async (tx, id) => staffOf(await composition.workforce.forRecovery.find(tx, id)),
      broughtIn: composition.workforce.broughtIn,
      tell: async () => undefined,
    },
  });
  for (const provider of approvals.factsProviders) {
    if (provider.name.startsWith('breakGlass')) past.registerFacts(provider);
  }
  const standing = (roles: readonly Role[]) => ({
    request: {},
    staff: { roles: [...roles], desk: '', active: true, recovered: false },
    session: { live: true, phrAgeSeconds: 5, phrhAgeSeconds: 5, leftAloneSeconds: 5 },
  });
  const decide = (caller: StaffCaller, action: string, resource: { type: string; id: string }) => {
    present.facts = standing(caller.roles);
    const subject = { type: 'Staff', id: caller.subjectId };
    return past.require({ subject, sessionId: caller.sessionId, action, resource });
  };
  return {
    async take(caller: StaffCaller, step: string, given: Given): Promise<BreakGlass> {
      const mounted = approvals.routes.find(({ route }) => route.id === `break-glass.${step}`);
      const { action, resource } = mounted?.route ?? {};
      if (!mounted || !action || !resource) throw new Error(`break-glass has no step ${step}`);
      const id = given.params && 'breakGlassId' in given.params ? given.params.breakGlassId : '*';
      const about = { type: resource.type, id: String(id) };
      const decision = await decide(caller, action, about);
      // As the edge hands it over.
      return BreakGlass.parse(await mounted.handler({ caller, ...given, decision } as never));
    },
    read: (caller: StaffCaller, action: string) =>
      decide(caller, action, { type: 'EmergencyRecord', id: RECORD }),
  };
}

interface Found {
  readonly subjectId: Id<'stf'>;
  readonly displayName: string;
  readonly desk: string;
}

/** A founder as they will stand once they have signed in. */
function staffOf(found: Found | undefined) {
  const role = demoStaff.find(({ displayName }) => displayName === found?.displayName)?.role;
  return found && role && { displayName: found.displayName, desk: found.desk, roles: [role] };
}
