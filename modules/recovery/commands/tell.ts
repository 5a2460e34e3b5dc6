import { sha256Base64url } from '@proofline/kernel/node';
import type { Id } from '@proofline/kernel';
import type { Realm } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { newSecret, type Context } from '../context.ts';
import type { Step } from '../domain/advance.ts';
import { isOpen, type Told } from '../domain/recovery.ts';
import type { SubjectId } from '../domain/subjects.ts';

/** A message is worth something for as long as somebody could still act on it. */
const TELL_FOR_MS = 72 * 60 * 60 * 1000;

const sentences: Record<Told, string> = {
  started: 'Somebody began to recover your account.',
  'proof-given': 'A proof was given for the recovery of your account.',
  'proof-lost': 'A proof for the recovery of your account fell away.',
  waiting: 'The recovery of your account has its proofs and now waits.',
  day: 'The recovery of your account still waits.',
  ready: 'The wait of your recovery is over: come back in the browser that began.',
  completed: 'Your account was recovered. Every earlier passkey and session has ended.',
  cancelled: 'The recovery of your account was cancelled.',
  expired: 'The recovery of your account ran out. Nothing was changed.',
};

/**
 * Tells every channel on file, in the transaction of the step. While something can still become of it,
 * each message has a link of its own that can cancel, and nothing else.
 */
export async function tell(context: Context, tx: Db, { recovery, told }: Step): Promise<void> {
  const { recoveryId, subjectId } = recovery;
  for (const what of told) {
    await tellSubject(context, tx, {
      subjectId,
      text: sentences[what],
      ...(isOpen(recovery) && { recoveryId }),
    });
  }
}

/** Who helps to look, without being able to let anybody in. */
const tellWhom: Record<Realm, string> = {
  workforce: 'tell your security team',
  customers: 'sign in, change it back, and call us',
};

/** Tells a subject something on every channel on file. */
export async function tellSubject(
  context: Context,
  tx: Db,
  {
    recoveryId,
    subjectId,
    text,
  }: {
    readonly subjectId: SubjectId;
    readonly text: string;
    /** What the link may cancel. */
    readonly recoveryId?: Id<'rcv'>;
  },
): Promise<void> {
  const { companyName, origin, realm } = context;
  for (const to of await context.people.channelsOf(tx, subjectId)) {
    await context.messages.enqueue(tx, {
      recipientId: subjectId,
      to,
      text: `${companyName}: ${text} If it was not you, ${recoveryId ? 'cancel it here' : tellWhom[realm]}.`,
      link: recoveryId ? await cancelLink(context, tx, recoveryId) : `${origin}/`,
      notAfterMs: context.clock.now() + TELL_FOR_MS,
    });
  }
}

async function cancelLink(context: Context, tx: Db, recoveryId: Id<'rcv'>): Promise<string> {
  const secret = newSecret(context);
  const secretDigest = sha256Base64url(secret);
  await context.rows.passing.addLink(tx, { secretDigest, recoveryId });
  // Behind `#`, so that no server on the way sees it in a URL.
  return `${context.origin}/recovery/cancel#${secret}`;
}
