import { newId, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import { FOUNDER_LINK_MS, LINK_MS } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';

/** By whom somebody is invited: HR, or, in an empty installation, nobody. */
export type Inviter =
  | {
      readonly invitedBy: Id<'stf'>;
      readonly decisionEvidenceId: Id<'evt'>;
      /** Whether an earlier link died of this. */
      readonly renewed: boolean;
      /** Whether nobody worked at the desk before. */
      readonly newDesk: boolean;
    }
  | { readonly foundingRole: Role };

interface IssuedInvitation {
  readonly row: InvitationRow;
  /** To hand over; nowhere kept. */
  readonly link: string;
}

/** Writes an invitation and its evidence. The secret is in the answer and nowhere else. */
export async function issueInvitation(
  context: Context,
  tx: Db,
  { staff, inviter }: { readonly staff: StaffRow; readonly inviter: Inviter },
): Promise<IssuedInvitation> {
  const isFounder = 'foundingRole' in inviter;
  const secret = newSecret(context);
  const nowMs = context.clock.now();
  const invitationId = newId('inv', context);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'onboarding.invited',
    causes: isFounder ? [] : [inviter.decisionEvidenceId],
    refs: { invitationId },
    subjects: {
      invitee: staff.subjectId,
      ...(isFounder ? {} : { actor: inviter.invitedBy }),
    },
    facts: {
      founding: isFounder,
      ...(isFounder
        ? { role: inviter.foundingRole }
        : { renewed: inviter.renewed, newDesk: inviter.newDesk }),
    },
    personal: [
      {
        subject: staff.subjectId,
        retention: 'identity',
        fields: {
          displayName: staff.displayName,
          employeeNumber: staff.employeeNumber,
          desk: staff.desk,
        },
      },
    ],
  });
  const row: InvitationRow = {
    invitationId,
    displayName: staff.displayName,
    desk: staff.desk,
    invitedAt: new Date(nowMs),
    evidenceId,
    onboarding: {
      state: 'sent',
      subjectId: staff.subjectId,
      invitedBy: isFounder ? undefined : inviter.invitedBy,
      foundingRole: isFounder ? inviter.foundingRole : undefined,
      expiresAtMs: nowMs + (isFounder ? FOUNDER_LINK_MS : LINK_MS),
      device: undefined,
      code: undefined,
      confirmedBy: undefined,
      role: undefined,
    },
  };
  await context.rows.invitations.insert(tx, { ...row, secretDigest: sha256Base64url(secret) });
  // Behind `#`: a browser sends it to no server, and no server's log sees it.
  return { row, link: `${context.staffOrigin}/onboarding#${secret}` };
}
