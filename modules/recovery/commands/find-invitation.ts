import type { Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import { isAsInvited } from './trust-row.ts';

/** Who asks by this invitation. @throws ProblemError `recovery.invitation-dead` */
export async function findInvitation(
  context: Context,
  secret: string,
): Promise<{ readonly customerId: Id<'cus'>; readonly digest: string; readonly name: string }> {
  const digest = sha256Base64url(secret);
  const invitation = await findGenuine(context, digest);
  const asker = invitation && (await context.people.find(context.storage.db, invitation.subjectId));
  if (!asker?.active) throw new ProblemError('recovery.invitation-dead');
  // Only customers invite.
  return { customerId: asker.subjectId as Id<'cus'>, digest, name: asker.displayName };
}

/**
 * An invitation that its entry vouches for, and the passkey that signed it still stands. Outside of any
 * transaction: the entry is read from the log.
 */
export async function findGenuine(
  context: Context,
  digest: string,
): Promise<InvitationRow | undefined> {
  const { db } = context.storage;
  const row = await context.rows.invitations.find(db, digest, new Date(context.clock.now()));
  if (!row || !(await isStillSigned(context, db, row))) return undefined;
  return (await isAsInvited(context, row)) ? row : undefined;
}

/** Whether the passkey that signed an invitation still is one of its subject's. */
export async function isStillSigned(
  context: Context,
  db: Db,
  { authenticatorId, subjectId }: Invitation,
): Promise<boolean> {
  const own = await context.people.listOf(db, subjectId);
  return own.some((passkey) => passkey.authenticatorId === authenticatorId);
}
