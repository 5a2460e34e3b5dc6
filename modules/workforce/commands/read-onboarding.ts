import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError, type OnboardingState } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { drawCode } from '../domain/confirmation-code.ts';
import { renewCode, resume } from '../domain/onboarding.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { StaffRow } from '../store/staff-rows.ts';

/** An invitation and its subject, found by the cookie of the device that opened it. */
export interface OnDevice {
  readonly row: InvitationRow;
  readonly staff: StaffRow;
  /** Digest of the cookie's secret. */
  readonly device: string;
}

/**
 * The living onboarding of this device.
 *
 * @throws ProblemError `onboarding.link-dead` for every reason alike.
 */
export async function findOnDevice(
  context: Context,
  db: Db,
  deviceSecret: string | undefined,
): Promise<OnDevice> {
  const device = sha256Base64url(deviceSecret ?? '');
  const row = deviceSecret ? await context.rows.invitations.findByDevice(db, device) : undefined;
  const staff = row && (await context.rows.staff.findById(db, row.onboarding.subjectId));
  const isAlive = row && resume(row.onboarding, { device, nowMs: context.clock.now() }).ok;
  if (!row || !staff || !isAlive) throw new ProblemError('onboarding.link-dead');
  return { row, staff, device };
}

/** Where the onboarding of this device stands; shows a fresh code when the last one is old. */
export async function readOnboarding(
  context: Context,
  deviceSecret: string | undefined,
): Promise<OnboardingState> {
  const found = await findOnDevice(context, context.storage.db, deviceSecret);
  const { code } = found.row.onboarding;
  if (!code || code.expiresAtMs > context.clock.now()) return describe(found);
  return context.storage.transaction(async (tx) => {
    const again = await findOnDevice(context, tx, deviceSecret);
    const digits = await drawFreeCode(context, tx);
    const next = renewCode(again.row.onboarding, { nowMs: context.clock.now(), digits });
    if (!next.ok) return describe(again);
    const { evidenceId } = again.row;
    await context.rows.invitations.advance(tx, again.row, { onboarding: next.value, evidenceId });
    return describe({ ...again, row: { ...again.row, onboarding: next.value } });
  });
}

/** A code that nobody else waits with. */
export async function drawFreeCode(context: Context, tx: Db): Promise<string> {
  const waiting = await context.rows.invitations.listWaiting(tx);
  const taken = waiting.flatMap(({ onboarding }) => onboarding.code?.digits ?? []);
  return drawCode(context.random, taken);
}

/** An onboarding as its own device sees it; alone there, with the code. */
export function describe({ row, staff }: Omit<OnDevice, 'device'>): OnboardingState {
  const { code, expiresAtMs, state } = row.onboarding;
  const { displayName, desk } = staff;
  return {
    invitationId: row.invitationId,
    state: state === 'registered' || state === 'confirmed' ? state : 'opened',
    displayName,
    desk,
    isFounding: row.onboarding.foundingRole !== undefined,
    ...(code && { confirmationCode: code.digits }),
    // While a code is shown, the screen counts down to its end.
    expiresAt: new Date(code?.expiresAtMs ?? expiresAtMs).toISOString(),
  };
}
