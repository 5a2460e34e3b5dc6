import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import { commitmentOf, digestOf } from '../domain/commitment.ts';
import type { Preparation } from '../domain/preparation.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { InvitationRow } from '../store/invitation-rows.ts';
import type { PreparationRow } from '../store/preparation-rows.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';

/**
 * Whether a recovery is what was written down when it got there: its entry is in the log, proved by its
 * path to the checkpoint, and holds the digest of this very state. Whoever edits a row does not get
 * further with it.
 */
export async function isAsRecorded(context: Context, row: RecoveryRow): Promise<boolean> {
  const { recovery } = row;
  if (!row.isReal || !row.evidenceId) return false;
  const facts = await factsOf(context, row.evidenceId, { recoveryId: recovery.recoveryId });
  return facts?.['state'] === commitmentOf(recovery);
}

/** Whether what a subject laid by is what they laid by. */
export async function isAsPrepared(context: Context, row: PreparationRow): Promise<boolean> {
  const facts = await factsOf(context, row.evidenceId, {});
  return facts?.['state'] === preparationDigest(row);
}

/** The digest of what a subject laid by. */
export function preparationDigest(row: Preparation): string {
  const { chosenAtMs, code, contacts, contactsNeeded, contactsSinceMs, subjectId } = row;
  return digestOf({
    subjectId,
    contacts: [...contacts],
    contactsNeeded,
    ...(contactsSinceMs && { contactsSinceMs: [...contactsSinceMs] }),
    chosenAtMs,
    code: code && { salt: code.salt, hash: code.hash, madeAtMs: code.madeAtMs },
  });
}

/** Whether an invitation is what its subject's own passkey signed. */
export async function isAsInvited(context: Context, row: InvitationRow): Promise<boolean> {
  const { authenticatorId } = row;
  const facts = await factsOf(context, row.evidenceId, { authenticatorId });
  return facts?.['state'] === invitationDigest(row);
}

/** The digest of an invitation. */
export function invitationDigest(row: Invitation): string {
  const { authenticatorId, expiresAt, secretDigest, subjectId } = row;
  return digestOf({ secretDigest, subjectId, authenticatorId, expiresAtMs: expiresAt.getTime() });
}

async function factsOf(
  context: Context,
  evidenceId: Id<'evt'>,
  refs: Readonly<Record<string, string>>,
) {
  await context.ledger.durable(evidenceId);
  const entry = await context.ledger.provenFacts(evidenceId);
  if (!entry?.kind.startsWith('recovery.')) return undefined;
  const fits = Object.entries(refs).every(([role, value]) => entry.refs[role] === value);
  return fits ? entry.facts : undefined;
}
