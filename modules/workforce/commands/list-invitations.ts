import type { Id } from '@proofline/kernel';
import type { Invitation, Total } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { isExpired } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';
import { sightOf, type Reading } from './reader-of.ts';

/** Stands for the name of an inviter whom the reader may not see. */
const OF_ANOTHER_DESK = 'a colleague of another desk';

/** Invitations that the reader may see and where they stand, newest first; at most 200. */
export async function listInvitations(
  context: Context,
  wanted: Reading & { readonly state: Invitation['state'] | undefined },
): Promise<{ invitations: Invitation[]; total: Total }> {
  const { state } = wanted;
  const at = new Date(context.clock.now());
  const { confined, where } = await sightOf(context, 'onboarding:list', wanted);
  const { rows, total } = await confined((tx) =>
    context.rows.invitations.list(tx, { where, state, at }),
  );
  const inviters = await findInviters(context, rows, wanted);
  const invitations = rows.map((row) => {
    const { invitedBy } = row.onboarding;
    const inviterName = invitedBy && (inviters.get(invitedBy)?.displayName ?? OF_ANOTHER_DESK);
    return describe(context, { row, inviterName });
  });
  return { invitations, total };
}

/** Who invited, as far as the reader may see these people (P9): a lead of another desk sees no name. */
async function findInviters(
  context: Context,
  rows: readonly InvitationRow[],
  reading: Reading,
): Promise<ReadonlyMap<Id<'stf'>, StaffRow>> {
  const ids = rows.flatMap(({ onboarding: { invitedBy } }) => invitedBy ?? []);
  const { confined, where } = await sightOf(context, 'person:list', reading);
  return confined((tx) => context.rows.staff.findMany(tx, [...new Set(ids)], where));
}

/** One invitation as HR and leads see it. */
export async function describeInvitation(
  context: Context,
  db: Db,
  { row }: { readonly row: InvitationRow },
): Promise<Invitation> {
  const { invitedBy } = row.onboarding;
  const inviter = invitedBy && (await context.rows.staff.findById(db, invitedBy));
  return describe(context, { row, inviterName: inviter?.displayName });
}

function describe(
  context: Context,
  seen: {
    readonly row: InvitationRow;
    readonly inviterName: string | undefined;
  },
): Invitation {
  const { invitationId, invitedAt, onboarding } = seen.row;
  const { role = onboarding.foundingRole, state } = onboarding;
  const isOver = isExpired(onboarding, context.clock.now());
  return {
    invitationId,
    displayName: seen.row.displayName,
    desk: seen.row.desk,
    state: state === 'superseded' ? 'replaced' : isOver ? 'expired' : state,
    ...(role && { role }),
    invitedBy: seen.inviterName ?? 'the founding of the installation',
    invitedAt: invitedAt.toISOString(),
    expiresAt: new Date(onboarding.expiresAtMs).toISOString(),
  };
}
