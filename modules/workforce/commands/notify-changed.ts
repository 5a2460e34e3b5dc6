import type { Id } from '@proofline/kernel';
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

/** Says, after the commit, to somebody's own screens that their passkeys are others now. */
export function notifyOwnChanged(context: Context, subjectId: Id<'stf'>): void {
  context.notify({ type: 'own-authenticators.changed', subjectId });
}
