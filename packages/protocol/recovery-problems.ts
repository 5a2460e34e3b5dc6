import type { ProblemFacts } from './problem-facts.ts';

/** What can be refused of a recovery, and of what one lays by for it. */
export const recoveryProblems = {
  'recovery.unknown': {
    status: 410,
    text: 'No recovery is under way in this browser. Begin again.',
  },
  'recovery.code-refused': { status: 409, text: 'This code is not accepted.' },
  'recovery.not-ready': { status: 409, text: 'The recovery is not ready for a new passkey.' },
  'recovery.contacts-refused': {
    status: 409,
    text: 'These people cannot be your recovery contacts.',
  },
  'recovery.not-asked': {
    status: 409,
    text: 'Nobody asks for your word with this code.',
  },
  'recovery.invitation-dead': {
    status: 410,
    text: 'This invitation was used, taken back or is too old. Ask for a new one.',
  },
  'recovery.touch-needed': {
    status: 409,
    text: 'This was cancelled too often without a passkey. Sign in, and cancel it with your passkey.',
  },
} as const satisfies Record<string, ProblemFacts>;
