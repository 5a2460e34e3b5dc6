import { isAgeTold, type Remedy } from '@proofline/protocol';

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
