import type { Context } from '../context.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';

/** Says, after the commit, that an onboarding moved on. */
export function notifyChanged(context: Context, { row }: { readonly row: InvitationRow }): void {
  context.notify({
    type: 'onboarding.changed',
    invitationId: row.invitationId,
    desk: row.desk,
    invitedBy: row.onboarding.invitedBy,
  });
}
