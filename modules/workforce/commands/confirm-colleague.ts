import type { Id } from '@proofline/kernel';
import { ProblemError, type ProblemCode, type Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { mayAssign } from '../domain/assignable-roles.ts';
import { isSameCode } from '../domain/confirmation-code.ts';
import { confirm, type OnboardingRefusal } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import { rolesOf, type StaffRow } from '../store/staff-rows.ts';
import { notifyChanged } from './notify-changed.ts';
import { refuseOnboarding } from './refuse-onboarding.ts';

const WRONG_CODES_MAX = 5;
const WINDOW_MS = 10 * 60 * 1000;

interface ConfirmInput {
  readonly code: string;
  readonly role: Role;
  readonly confirmedBy: Id<'stf'>;
  readonly requestId: Id<'req'>;
  /** The entry of the decision that permitted it. */
  readonly decisionEvidenceId: Id<'evt'>;
}

interface Confirmed {
  readonly row: InvitationRow;
  readonly staff: StaffRow;
}

type Because =
  | OnboardingRefusal
  | 'too-many-wrong-codes'
  | 'role-not-assignable'
  | 'code-unknown'
  | 'other-desk';

interface Refused {
  readonly because: Because;
  readonly row?: InvitationRow;
}

/** What the confirmer is told: no more than they need to go on. */
const problemOf: Partial<Record<Because, ProblemCode>> = {
  'too-many-wrong-codes': 'request.too-many',
  'role-not-assignable': 'access.denied',
  'inviter-confirms': 'onboarding.not-yourself',
  'invitee-confirms': 'onboarding.not-yourself',
};

/**
 * The team lead, beside the new colleague, types the code from their screen and gives the role: then
 * the account is active. Five wrong codes in ten minutes, and this confirmer has to wait.
 *
 * @throws ProblemError `onboarding.code-wrong` for an unknown, late or foreign code alike;
 *   `onboarding.not-yourself`, `request.too-many`, `access.denied` for a role that is not theirs to give.
 */
export async function confirmColleague(context: Context, input: ConfirmInput): Promise<Confirmed> {
  const outcome = await context.storage.transaction((tx) => attempt(context, tx, input));
  if ('because' in outcome) {
    const { because, row } = outcome;
    await refuseOnboarding(context, {
      step: 'confirm',
      because,
      key: input.confirmedBy,
      actor: input.confirmedBy,
      invitation: row,
      causes: [input.decisionEvidenceId],
    });
    throw new ProblemError(problemOf[because] ?? 'onboarding.code-wrong', { internal: because });
  }
  await context.ledger.durable(outcome.row.evidenceId);
  notifyChanged(context, outcome);
  return outcome;
}

async function attempt(
  context: Context,
  tx: Db,
  input: ConfirmInput,
): Promise<Confirmed | Refused> {
  const { staff: people, wrongCodes } = context.rows;
  const at = new Date(context.clock.now());
  const since = new Date(at.getTime() - WINDOW_MS);
  const { confirmedBy: subjectId, requestId: attemptId, role } = input;
  if ((await wrongCodes.countSince(tx, subjectId, since)) >= WRONG_CODES_MAX) {
    return { because: 'too-many-wrong-codes' };
  }
  const confirmer = await people.findById(tx, subjectId);
  if (!confirmer || !mayAssign(rolesOf(confirmer), role)) return { because: 'role-not-assignable' };
  const found = await findByCode(context, tx, input.code);
  // A code from elsewhere is as wrong as one that was made up: the team lead is in the same room.
  const isElsewhere =
    found && confirmer.role === 'team-lead' && found.staff.desk !== confirmer.desk;
  if (!found || isElsewhere) {
    await wrongCodes.record(tx, { attemptId, subjectId, at, since });
    return isElsewhere ? { because: 'other-desk', row: found.row } : { because: 'code-unknown' };
  }
  const next = confirm(found.row.onboarding, { by: subjectId, role, nowMs: at.getTime() });
  if (!next.ok) return { because: next.error, row: found.row };
  const evidenceId = await context.ledger.record(tx, {
    kind: 'onboarding.confirmed',
    causes: [found.row.evidenceId, input.decisionEvidenceId],
    refs: { invitationId: found.row.invitationId },
    subjects: { actor: subjectId, invitee: found.staff.subjectId },
    facts: { role },
  });
  const isFirst =
    (await people.activate(tx, found.staff.subjectId, { role, at, evidenceId })) &&
    (await context.rows.invitations.advance(tx, found.row, { onboarding: next.value, evidenceId }));
  if (!isFirst)
    throw new ProblemError('onboarding.code-wrong', { internal: 'confirmed meanwhile' });
  return { ...found, row: { ...found.row, evidenceId, onboarding: next.value } };
}

async function findByCode(context: Context, tx: Db, typed: string): Promise<Confirmed | undefined> {
  const nowMs = context.clock.now();
  const waiting = await context.rows.invitations.listWaiting(tx);
  // Every waiting code is compared, so that time does not tell which one was close.
  const fitting = waiting.filter(({ onboarding }) => {
    const isSame = isSameCode(typed, onboarding.code?.digits ?? '');
    return isSame && (onboarding.code?.expiresAtMs ?? 0) > nowMs;
  });
  const row = fitting[0];
  const staff = row && (await context.rows.staff.findById(tx, row.onboarding.subjectId));
  return row && staff && { row, staff };
}
