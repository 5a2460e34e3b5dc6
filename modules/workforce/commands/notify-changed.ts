import type { Context } from '../context.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';

/** Says, after the commit, that an onboarding moved on. */
export function notifyChanged(
  context: Context,
  { row, staff }: { readonly row: InvitationRow; readonly staff: StaffRow },
): void {
  context.notify({
    type: 'onboarding.changed',
    invitationId: row.invitationId,
    desk: staff.desk,
    invitedBy: row.onboarding.invitedBy,
  });
}
