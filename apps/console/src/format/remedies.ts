import { actions, type Remedy } from '@proofline/protocol';
import { spanText } from './time.ts';

/** Longer than any call needs: an age that only says «on this call». */
const HOUR_SECONDS = 3600;

/** Whether it matters to a person how old a proof is: then it is a matter of minutes. */
export function isAgeTold(maxAgeSeconds: number): boolean {
  return maxAgeSeconds < HOUR_SECONDS;
}

/** The next step that a remedy asks for, as a sentence to the person in front of the screen. */
export function remedySentence(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'agent.step-up':
      return remedy.acr === 'phrh'
        ? 'Confirm that it is you with your security key.'
        : 'Confirm that it is you with your passkey.';
    case 'customer.proof':
      return isAgeTold(remedy.maxAgeSeconds)
        ? `Ask the customer to prove who they are; the proof may be ${spanText(remedy.maxAgeSeconds)} old at most.`
        : 'Ask the customer to prove who they are.';
    case 'approval':
      return `Ask a supervisor to let you ${actions[remedy.action].label}.`;
    case 'reason-code':
      return 'Choose a reason from the list.';
  }
}

/** What a remedy is called where it heads a notice: «Needs …». */
export function neededFirst(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'agent.step-up':
      return remedy.acr === 'phrh' ? 'Needs your security key.' : 'Needs your passkey.';
    case 'customer.proof':
      return isAgeTold(remedy.maxAgeSeconds)
        ? 'Needs the customer’s fresh proof.'
        : 'Needs the customer’s proof.';
    case 'approval':
      return 'Needs a supervisor’s approval.';
    case 'reason-code':
      return 'Needs a reason.';
  }
}

/** The order in which people should do things: others first, one's own passkey last, as it ages fastest. */
const order: readonly Remedy['kind'][] = [
  'reason-code',
  'customer.proof',
  'approval',
  'agent.step-up',
];

/** Remedies in the order of doing. */
export function inOrder(remedies: readonly Remedy[]): readonly Remedy[] {
  return remedies.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
