import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';

/** A carrier that was down for a day has nothing new to tell. */
const TELL_FOR_MS = 24 * 60 * 60 * 1000;

const LOOK = 'If it was not you, sign in, look, and tell your security team.';
const sentences = {
  added: `A passkey was added to your account. ${LOOK}`,
  removed: `A passkey was removed from your account. ${LOOK}`,
  fell: 'A passkey of yours counts for less than before: its model is no longer trusted. Sign in and look.',
} as const;

/** Tells every channel on file of a change, in the transaction that makes it. */
export async function tellChannels(
  context: Context,
  tx: Db,
  told: { readonly subjectId: Id<'stf'>; readonly what: keyof typeof sentences },
): Promise<void> {
  const channels = await context.rows.channels.listOf(tx, told.subjectId);
  for (const to of channels) {
    await context.messages.enqueue(tx, {
      recipientId: told.subjectId,
      to,
      // Nothing of the passkey: the message may be read by whoever holds the phone.
      text: `${context.companyName}: ${sentences[told.what]}`,
      link: `${context.staffOrigin}/passkeys`,
      notAfterMs: context.clock.now() + TELL_FOR_MS,
    });
  }
}
