import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import { open, resume, type OnboardingRefusal } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';
import { notifyChanged } from './notify-changed.ts';
import { refuseOnboarding } from './refuse-onboarding.ts';

interface Opened {
  readonly row: InvitationRow;
  readonly staff: StaffRow;
  /** For this device's cookie; absent when the device has it already. */
  readonly deviceSecret: string | undefined;
}

type Outcome = Opened | { readonly because: OnboardingRefusal; readonly row: InvitationRow };

/**
 * Opens a link and binds it to this device. The same device may come back with it.
 *
 * @throws ProblemError `onboarding.link-dead` for an unknown, used, late or foreign link alike.
 */
export async function openInvitation(
  context: Context,
  input: { readonly secret: string; readonly deviceSecret: string | undefined },
): Promise<Opened> {
  const outcome = await context.storage.transaction((tx) => attempt(context, tx, input));
  if (outcome === undefined || 'because' in outcome) {
    await refuseOnboarding(context, {
      step: 'open',
      because: outcome?.because ?? 'unknown-link',
      key: outcome?.row.invitationId ?? 'unknown',
      invitation: outcome?.row,
    });
    throw new ProblemError('onboarding.link-dead');
  }
  if (outcome.deviceSecret !== undefined) notifyChanged(context, outcome);
  return outcome;
}

async function attempt(
  context: Context,
  tx: Db,
  input: { readonly secret: string; readonly deviceSecret: string | undefined },
): Promise<Outcome | undefined> {
  const { invitations, staff: people } = context.rows;
  const row = await invitations.findBySecret(tx, sha256Base64url(input.secret));
  const staff = row && (await people.findById(tx, row.onboarding.subjectId));
  if (!row || !staff) return undefined;
  const nowMs = context.clock.now();
  if (row.onboarding.state !== 'sent' && input.deviceSecret !== undefined) {
    const back = resume(row.onboarding, { device: sha256Base64url(input.deviceSecret), nowMs });
    return back.ok ? { row, staff, deviceSecret: undefined } : { because: back.error, row };
  }
  const deviceSecret = newSecret(context);
  const next = open(row.onboarding, { device: sha256Base64url(deviceSecret), nowMs });
  if (!next.ok) return { because: next.error, row };
  const evidenceId = await context.ledger.record(tx, {
    kind: 'onboarding.opened',
    causes: [row.evidenceId],
    refs: { invitationId: row.invitationId },
    subjects: { invitee: staff.subjectId },
  });
  const isFirst = await invitations.advance(tx, row, { onboarding: next.value, evidenceId });
  if (!isFirst) throw new ProblemError('onboarding.link-dead');
  return { row: { ...row, evidenceId, onboarding: next.value }, staff, deviceSecret };
}
