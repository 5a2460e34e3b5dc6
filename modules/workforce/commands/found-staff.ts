import { bytesToBase64url, newId, type Id } from '@proofline/kernel';
import { inviteColleague, ProblemError, Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { StaffRow } from '../store/staff-rows.ts';
import type { Founder, FounderInvitation } from '../types.ts';
import { issueInvitation } from './issue-invitation.ts';
import { refuseOnboarding } from './refuse-onboarding.ts';

const Founders = z
  .array(inviteColleague.body.omit({ newDesk: true }).extend({ role: Role }))
  .min(1)
  .max(50);

/**
 * Genesis: invites the first staff of a fresh installation, with roles that need no confirmation, as
 * nobody is there who could confirm. Possible only while there is no member of staff at all; the
 * evidence says of each that they were founded.
 *
 * @throws ProblemError `onboarding.not-new` as soon as there is anybody; ZodError for a malformed list.
 */
export async function foundStaff(
  context: Context,
  list: readonly Founder[],
): Promise<FounderInvitation[]> {
  const founders = Founders.parse(list);
  const founded = await context.storage.transaction(async (tx) => {
    if (!(await context.rows.staff.isEmpty(tx))) return undefined;
    const invitations: { evidenceId: Id<'evt'>; invitation: FounderInvitation }[] = [];
    for (const founder of founders) invitations.push(await found(context, tx, founder));
    return invitations;
  });
  if (!founded) {
    await refuseOnboarding(context, { step: 'found', because: 'staff-exist', key: 'all' });
    throw new ProblemError('onboarding.not-new', { internal: 'staff exist' });
  }
  await Promise.all(founded.map(({ evidenceId }) => context.ledger.durable(evidenceId)));
  return founded.map(({ invitation }) => invitation);
}

async function found(context: Context, tx: Db, founder: Founder) {
  const { channels = [], displayName, desk, employeeNumber, role } = founder;
  const staff = newStaff(context, { displayName, desk, employeeNumber });
  await context.rows.staff.insert(tx, { ...staff, at: new Date(context.clock.now()) });
  await context.rows.channels.replace(tx, staff.subjectId, channels);
  const { link, row } = await issueInvitation(context, tx, {
    staff,
    inviter: { foundingRole: role },
  });
  const { evidenceId, invitationId, onboarding } = row;
  const expiresAt = new Date(onboarding.expiresAtMs).toISOString();
  const { subjectId } = staff;
  return {
    evidenceId,
    invitation: { subjectId, invitationId, displayName, role, link, expiresAt },
  };
}

/** A subject who has nothing yet: no authenticator, no role. */
export function newStaff(
  context: Context,
  person: Pick<StaffRow, 'displayName' | 'desk' | 'employeeNumber'>,
): StaffRow {
  return {
    ...person,
    subjectId: newId('stf', context),
    userHandle: bytesToBase64url(context.random.bytes(32)),
    state: 'invited',
    role: undefined,
    roleEvidenceId: undefined,
    recoveredUntil: undefined,
  };
}
