import type { ProofContext } from '@proofline/protocol';

/** A purpose, as the object of «work on …». */
export const purposes: Readonly<Record<ProofContext['purpose'], string>> = {
  billing: 'your bills and payments',
  'plan-change': 'a change of your plan',
  complaint: 'your complaint',
  'technical-fault': 'a fault of your line',
  'lost-sim': 'your lost SIM',
  'moving-house': 'your move to another home',
  'payment-difficulty': 'a way to pay what you owe',
  'priority-care': 'the priority service that you need',
  'data-request': 'your request for a copy of your data',
  'fraud-review': 'a suspicion of fraud on your account',
};

/** Where somebody is, by channel: «on a call». */
export const whereabouts: Readonly<Record<ProofContext['channel'], string>> = {
  call: 'on a call',
  chat: 'in a chat',
  video: 'on a video call',
};

/** What it is that ends, by channel. */
export const channels: Readonly<Record<ProofContext['channel'], string>> = {
  call: 'call',
  chat: 'chat',
  video: 'video call',
};

/** The same words at the head of a line. */
export function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** A time of day in the customer's own time zone, written as the agent's screen writes it: `14:34`. */
export function timeOfDay(isoTime: string): string {
  return new Date(isoTime).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** Words for what can go wrong anywhere: neutral, with one next step. */
export const neutral = {
  closed: 'The passkey prompt was closed, and nothing was confirmed. You can open it again.',
  unsupported:
    'This browser cannot use passkeys. Open the link in the browser that your phone came with.',
  signedOut: 'You were signed out. Load this page again and sign in; the request waits there.',
  network: 'There was no connection. Check it, then try again.',
  'request.too-many': 'That was too often. Wait a minute, then try again.',
} as const;
