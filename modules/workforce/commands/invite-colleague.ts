import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { supersede } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { Channel } from '../types.ts';
import type { StaffRow } from '../store/staff-rows.ts';
import { newStaff } from './found-staff.ts';
import { issueInvitation } from './issue-invitation.ts';
import { notifyChanged } from './notify-changed.ts';
import { refuseOnboarding } from './refuse-onboarding.ts';

interface InviteInput {
  readonly displayName: string;
  readonly desk: string;
  readonly employeeNumber: string;
  /** The inviter says that a desk where nobody works is meant. */
  readonly newDesk?: true | undefined;
  readonly channels?: readonly Channel[] | undefined;
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
 * @throws ProblemError `onboarding.not-new` when the employee number ever had an authenticator;
 *   `onboarding.desk-unknown` when nobody is of that desk and it is not said to be new.
 */
export async function invite(context: Context, input: InviteInput): Promise<Invited> {
  const invited = await context.storage.transaction((tx) => attempt(context, tx, input));
  if ('because' in invited) {
    const { because } = invited;
    await refuseOnboarding(context, {
      step: 'invite',
      because,
      key: input.invitedBy,
      actor: input.invitedBy,
      causes: [input.decisionEvidenceId],
    });
    throw new ProblemError(`onboarding.${because}`);
  }
  await context.ledger.durable(invited.row.evidenceId);
  for (const row of [...invited.replaced, invited.row]) notifyChanged(context, { row });
  return invited;
}

async function attempt(context: Context, tx: Db, input: InviteInput) {
  const { decisionEvidenceId, desk, employeeNumber, invitedBy } = input;
  const known = await context.rows.staff.findByEmployeeNumber(tx, employeeNumber);
  if (known && (await hadAuthenticator(context, tx, known))) return { because: 'not-new' } as const;
  const newDesk = !(await context.rows.staff.isDesk(tx, desk));
  // A slip of the pen must not found a desk whose lead sees nobody.
  if (newDesk && input.newDesk !== true) return { because: 'desk-unknown' } as const;
  const subject = await findOrCreate(context, tx, { input, known });
  if (!subject) return { because: 'not-new' } as const;
  const { replaced, staff } = subject;
  await context.rows.channels.replace(tx, staff.subjectId, input.channels ?? []);
  const inviter = { invitedBy, decisionEvidenceId, renewed: replaced.length > 0, newDesk };
  return { staff, replaced, ...(await issueInvitation(context, tx, { staff, inviter })) };
}

async function hadAuthenticator(context: Context, tx: Db, { subjectId }: StaffRow) {
  return (await context.rows.authenticators.listOf(tx, subjectId)).length > 0;
}

async function findOrCreate(
  context: Context,
  tx: Db,
  { input, known }: { readonly input: InviteInput; readonly known: StaffRow | undefined },
) {
  const { desk, displayName, employeeNumber } = input;
  if (!known) {
    const staff = newStaff(context, { displayName, desk, employeeNumber });
    await context.rows.staff.insert(tx, { ...staff, at: new Date(context.clock.now()) });
    return { staff, replaced: [] };
  }
  if (!(await context.rows.staff.correctInvited(tx, known.subjectId, { displayName, desk }))) {
    return undefined;
  }
  const replaced = await supersedeOpen(context, tx, known.subjectId);
  return { staff: { ...known, displayName, desk }, replaced };
}

async function supersedeOpen(
  context: Context,
  tx: Db,
  subjectId: Id<'stf'>,
): Promise<InvitationRow[]> {
  const replaced: InvitationRow[] = [];
  for (const row of await context.rows.invitations.listOf(tx, subjectId)) {
    const next = supersede(row.onboarding);
    if (!next.ok) continue;
    replaced.push(row);
    const { evidenceId } = row;
    await context.rows.invitations.advance(tx, row, { onboarding: next.value, evidenceId });
  }
  return replaced;
}
