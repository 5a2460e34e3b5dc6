import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { supersede } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';
import { newStaff } from './found-staff.ts';
import { issueInvitation } from './issue-invitation.ts';
import { notifyChanged } from './notify-changed.ts';
import { refuseOnboarding } from './refuse-onboarding.ts';

interface InviteInput {
  readonly displayName: string;
  readonly desk: string;
  readonly employeeNumber: string;
  readonly invitedBy: Id<'stf'>;
  /** The entry of the decision that permitted it. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/** A new invitation, as HR sees it once. */
export interface Invited {
  readonly row: InvitationRow;
  readonly staff: StaffRow;
  readonly link: string;
}

/**
 * Invites somebody who has never had an authenticator here. The same person may be invited again
 * while that is so: the older link dies.
 *
 * @throws ProblemError `onboarding.not-new` when the employee number ever had an authenticator.
 */
export async function invite(context: Context, input: InviteInput): Promise<Invited> {
  const invited = await context.storage.transaction(async (tx) => {
    const subject = await findOrCreate(context, tx, input);
    if (!subject) return undefined;
    const { staff, renewed } = subject;
    const { decisionEvidenceId, invitedBy } = input;
    const inviter = { invitedBy, decisionEvidenceId, renewed };
    return { staff, ...(await issueInvitation(context, tx, { staff, inviter })) };
  });
  if (!invited) {
    await refuseOnboarding(context, {
      step: 'invite',
      because: 'not-new',
      key: input.invitedBy,
      actor: input.invitedBy,
      causes: [input.decisionEvidenceId],
    });
    throw new ProblemError('onboarding.not-new');
  }
  await context.ledger.durable(invited.row.evidenceId);
  notifyChanged(context, invited);
  return invited;
}

async function findOrCreate(context: Context, tx: Db, input: InviteInput) {
  const { desk, displayName, employeeNumber } = input;
  const known = await context.rows.staff.findByEmployeeNumber(tx, employeeNumber);
  if (!known) {
    const staff = newStaff(context, { displayName, desk, employeeNumber });
    await context.rows.staff.insert(tx, { ...staff, at: new Date(context.clock.now()) });
    return { staff, renewed: false };
  }
  const authenticators = await context.rows.authenticators.listOf(tx, known.subjectId);
  if (authenticators.length > 0) return undefined;
  if (!(await context.rows.staff.correctInvited(tx, known.subjectId, { displayName, desk }))) {
    return undefined;
  }
  const renewed = await supersedeOpen(context, tx, known.subjectId);
  return { staff: { ...known, displayName, desk }, renewed };
}

async function supersedeOpen(context: Context, tx: Db, subjectId: Id<'stf'>): Promise<boolean> {
  let isAny = false;
  for (const row of await context.rows.invitations.listOf(tx, subjectId)) {
    const next = supersede(row.onboarding);
    if (!next.ok) continue;
    isAny = true;
    const { evidenceId } = row;
    await context.rows.invitations.advance(tx, row, { onboarding: next.value, evidenceId });
  }
  return isAny;
}
