import type { Invitation } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { isExpired } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';
import { sightOf, type Reading } from './reader-of.ts';

/** Invitations that the reader may see and where they stand, newest first; at most 200. */
export async function listInvitations(
  context: Context,
  wanted: Reading & { readonly state: Invitation['state'] | undefined },
): Promise<Invitation[]> {
  const { db } = context.storage;
  const { state } = wanted;
  const { confined, where } = await sightOf(context, 'onboarding:list', wanted);
  const rows = await confined((tx) => context.rows.invitations.list(tx, where));
  const ids = rows.flatMap(({ onboarding: { subjectId, invitedBy } }) =>
    invitedBy ? [subjectId, invitedBy] : [subjectId],
  );
  const people = await context.rows.staff.findMany(db, [...new Set(ids)]);
  const seen = rows.flatMap((row) => {
    const staff = people.get(row.onboarding.subjectId);
    const inviter = row.onboarding.invitedBy && people.get(row.onboarding.invitedBy);
    return staff ? [describe(context, { row, staff, inviterName: inviter?.displayName })] : [];
  });
  return state === undefined ? seen : seen.filter((invitation) => invitation.state === state);
}

/** One invitation as HR and leads see it. */
export async function describeInvitation(
  context: Context,
  db: Db,
  { row, staff }: { readonly row: InvitationRow; readonly staff: StaffRow },
): Promise<Invitation> {
  const { invitedBy } = row.onboarding;
  const inviter = invitedBy && (await context.rows.staff.findById(db, invitedBy));
  return describe(context, { row, staff, inviterName: inviter?.displayName });
}

function describe(
  context: Context,
  seen: {
    readonly row: InvitationRow;
    readonly staff: StaffRow;
    readonly inviterName: string | undefined;
  },
): Invitation {
  const { invitationId, invitedAt, onboarding } = seen.row;
  const { role = onboarding.foundingRole, state } = onboarding;
  const isOver = isExpired(onboarding, context.clock.now());
  return {
    invitationId,
    displayName: seen.staff.displayName,
    desk: seen.staff.desk,
    state: state === 'superseded' ? 'replaced' : isOver ? 'expired' : state,
    ...(role && { role }),
    invitedBy: seen.inviterName ?? 'the founding of the installation',
    invitedAt: invitedAt.toISOString(),
    expiresAt: new Date(onboarding.expiresAtMs).toISOString(),
  };
}
