import type { Capability } from '@proofline/protocol';
import type { Flow } from './check.ts';
import type { InteractionState } from './interaction-state.ts';
import { contradicts, type ProofRequestState } from './proof-request-state.ts';

/** What the next step follows from. */
export interface PanelState {
  readonly call: InteractionState;
  readonly isProved: boolean;
  /** A proof was given on it and has ended. */
  readonly wasProved: boolean;
  /** The latest request of the call. */
  readonly request:
    | {
        readonly state: ProofRequestState;
        readonly because: string | null;
        readonly startedBy: Flow;
        readonly matchingNumber: string | null;
      }
    | undefined;
  readonly capabilities: readonly Capability[];
}

const ASK = 'Ask for the call code that the caller sees, or for their account number.';

/** How the latest request ended without a proof → what to do now. */
const afterEnd: Readonly<Record<string, string>> = {
  'not-me':
    'Whoever is at the contact on file says that they are not calling. Open nothing, and end the call.',
  'not-now': `The customer does not want to confirm now. ${ASK}`,
  expired: `Nobody confirmed in time. ${ASK}`,
  'agent-cancelled': `The request was withdrawn. ${ASK}`,
  'number-wrong':
    'A wrong number was typed, so the request was refused. Make sure whom you are speaking with before you ask again.',
  'credential-not-theirs':
    'Another person’s passkey was used, so the request was refused. Make sure whom you are speaking with before you ask again.',
};

/** The one next step, in a sentence or two. Says the same for an account that does not exist (P9). */
export function nextStep(panel: PanelState): string {
  if (panel.call === 'ended') {
    return panel.wasProved
      ? 'The call has ended. The caller had proved who they are; that ended with the call, and what it opened is closed.'
      : 'The call has ended. The caller had not proved who they are.';
  }
  if (panel.request?.state === 'open') return whileOpen(panel.request);
  // Whatever else was proved, the agent must hear this.
  if (panel.request && contradicts(panel.request.because)) return told(panel.request);
  if (panel.isProved) return whenProved(panel.capabilities);
  if (!panel.request) return `The caller is not proved. ${ASK}`;
  return told(panel.request);
}

function told({ because, state }: NonNullable<PanelState['request']>): string {
  return (
    afterEnd[because ?? state] ??
    afterEnd[state] ??
    `The passkey was not accepted, so the request was refused. ${ASK}`
  );
}

function whileOpen(request: NonNullable<PanelState['request']>): string {
  if (request.startedBy === 'customer') return 'The caller is asked now. Wait until they confirm.';
  if (request.matchingNumber === null) {
    return 'The agent reads a number out. The caller types it on the page that their contact on file was sent.';
  }
  return `Read this number out: ${request.matchingNumber}. The caller types it on the page that their contact on file was sent.`;
}

function whenProved(capabilities: readonly Capability[]): string {
  const needsFresh = capabilities.some(({ remedies }) =>
    remedies.some((remedy) => remedy.kind === 'customer.proof'),
  );
  if (needsFresh) {
    return 'The caller is proved, but not freshly. For changes, ask for a fresh proof.';
  }
  return 'The caller is proved. Go on with the matter; what is closed says what it needs.';
}
