import { newId } from '@proofline/kernel';
import { ErasureSummary, HoldSummary, type StaffCaller } from '@proofline/protocol';
import type { RunningServer } from '@proofline/server/start';
import type { PastPdp } from './past-work.ts';
import { founders } from './staff.ts';

type Composition = RunningServer['composition'];

/** Whose record is disputed: a customer of the demo’s CRM. */
const DISPUTED = 'MH-10007';

/**
 * Of before the first start: a customer who has left asked to be forgotten, one security administrator
 * asked for it and another approved it; and an auditor holds what a dispute is about.
 */
export async function seedPastErasure(composition: Composition, pdp: PastPdp): Promise<void> {
  const colleagues = await composition.workforce.listColleagues();
  const actor = (name: string, role: StaffCaller['roles'][number]): StaffCaller => {
    const found = colleagues.find(({ displayName }) => displayName === name);
    if (!found) throw new Error(`${name} is not among the demo’s staff`);
    const sessionId = newId('ses', composition);
    return { kind: 'staff', subjectId: found.subjectId, sessionId, roles: [role] };
  };
  const asker = actor(founders.security, 'security-admin');
  const approver = actor('Hana Sato', 'security-admin');
  const auditor = actor(founders.auditor, 'auditor');
  const subject = await recordOneWhoLeft(composition);
  const asked = ErasureSummary.parse(
    await take(composition, pdp, {
      caller: asker,
      route: 'erasures.request',
      body: {
        target: { form: 'fields', subject },
        basis: 'data-subject-request',
        note: 'Left in spring, and wrote to be forgotten.',
      },
    }),
  );
  ErasureSummary.parse(
    await take(composition, pdp, {
      caller: approver,
      route: 'erasures.approve',
      params: { erasureId: asked.erasureId },
    }),
  );
  HoldSummary.parse(
    await take(composition, pdp, {
      caller: auditor,
      route: 'holds.place',
      body: {
        scope: { kind: 'subject', subject: DISPUTED },
        reasonCode: 'disputed-transaction',
        note: 'The emergency access of before is disputed.',
      },
    }),
  );
}

/** A customer of long ago, of whom the log alone still knows. */
async function recordOneWhoLeft(composition: Composition): Promise<string> {
  const { ledger, storage } = composition;
  const customer = newId('cus', composition);
  const evidenceId = await storage.transaction((tx) =>
    ledger.record(tx, {
      kind: 'proof.ended',
      refs: { interactionId: newId('int', composition) },
      subjects: { customer },
      facts: { reason: 'call-ended' },
      personal: [
        {
          subject: customer,
          retention: 'case',
          fields: { accountNumber: 'MH-10001', name: 'J. Doe' },
        },
      ],
    }),
  );
  await ledger.durable(evidenceId);
  return customer;
}

interface Step {
  readonly caller: StaffCaller;
  readonly route: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** One step as the edge would let it through: decided, then handled. */
async function take(
  { ledger }: Composition,
  { past, present }: PastPdp,
  { caller, route: id, params = {}, body = {} }: Step,
): Promise<unknown> {
  const mounted = ledger.routes.find(({ route }) => route.id === id);
  const { action, resource } = mounted?.route ?? {};
  if (!mounted || !action || !resource) throw new Error(`the ledger has no route ${id}`);
  present.facts = {
    request: {},
    staff: { roles: [...caller.roles], desk: '', active: true, recovered: false },
    session: { live: true, phrAgeSeconds: 5, phrhAgeSeconds: 5, leftAloneSeconds: 5 },
    ...(resource.type === 'Erasure' && {
      erasureRequest: { waiting: true, requestedBySubject: false },
    }),
  };
  const decision = await past.require({
    subject: { type: 'Staff', id: caller.subjectId },
    sessionId: caller.sessionId,
    action,
    resource: { type: resource.type, id: params['erasureId'] ?? '*' },
  });
  // As the edge hands it over.
  return mounted.handler({ caller, params, body, decision } as never);
}
