import type { Failure } from '../ports/api.ts';
import { neutral } from '../words.ts';

const texts: Partial<Record<Failure, string>> = {
  'session.ended': neutral.signedOut,
  'token.missing': neutral.signedOut,
  'ceremony.expired': 'That took too long. Begin again.',
  'recovery.unknown': 'No recovery is under way in this browser. Begin again.',
  'recovery.code-refused': 'This code is not accepted. Look at each sign, and try again.',
  'recovery.not-ready': 'It is not ready for a new passkey.',
  'recovery.not-asked': 'Nobody asks for your word with this code.',
  'recovery.contacts-refused':
    'There are five contacts and invitations already, or this is one of them.',
  'recovery.invitation-dead': 'This invitation was used or is too old. Ask for a new one.',
  'recovery.touch-needed':
    'This was cancelled too often without a passkey. Sign in, and cancel it with your passkey.',
};

/** What went otherwise than hoped, and what to do. */
export function failureText(failure: Failure): string {
  if (failure === 'network' || failure === 'request.too-many') return neutral[failure];
  return texts[failure] ?? 'This was not accepted, and nothing has changed.';
}
