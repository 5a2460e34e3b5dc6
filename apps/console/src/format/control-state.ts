import {
  inOrder,
  remedySentence,
  type Action,
  type Capability,
  type Remedy,
} from '@proofline/protocol';

/** Why a control is refused, and what would change it. */
export interface RefusalText {
  readonly reason: string;
  readonly nextStep?: string;
}

/** How a control stands: usable, usable with something to come, or refused. */
export type ControlState =
  | { readonly kind: 'open' }
  | { readonly kind: 'open-with'; readonly hint: string }
  | { readonly kind: 'refused'; readonly refusal: RefusalText; readonly remedy?: Remedy };

const along: Readonly<Partial<Record<Remedy['kind'], string>>> = {
  'agent.step-up': 'You may be asked to confirm with your passkey.',
  approval: 'A supervisor will have to approve it.',
  'reason-code': 'It needs a reason.',
};

/**
 * What a capability means for its control. What can be settled on the way (own passkey, approval,
 * reason) leaves it usable; what somebody else must do first does not. No capability: refused,
 * because a screen never guesses (P7).
 */
export function controlStateOf(capability: Capability | undefined): ControlState {
  if (!capability) {
    return { kind: 'refused', refusal: { reason: 'No decision permits this here.' } };
  }
  if (capability.allowed) return { kind: 'open' };
  const remedies = inOrder(capability.remedies);
  const blocking = remedies.find((remedy) => !(remedy.kind in along));
  if (remedies.length > 0 && !blocking) {
    return { kind: 'open-with', hint: remedies.map(({ kind }) => along[kind]).join(' ') };
  }
  return {
    kind: 'refused',
    refusal: {
      reason: capability.reason ?? 'This is not permitted.',
      ...(blocking ? { nextStep: remedies.map(remedySentence).join(' ') } : {}),
    },
    ...(blocking ? { remedy: blocking } : {}),
  };
}

/** The capability for an action, if the server gave one. */
export function capabilityFor(
  capabilities: readonly Capability[],
  action: Action,
): Capability | undefined {
  return capabilities.find((one) => one.action === action);
}

/** {@link controlStateOf} of one action. */
export function controlFor(capabilities: readonly Capability[], action: Action): ControlState {
  return controlStateOf(capabilityFor(capabilities, action));
}

/**
 * The refusal of an action on one particular thing, as far as it is known beforehand. Where the
 * server says nothing about the action as a whole, it decides when it is asked.
 */
export function knownRefusal(
  capabilities: readonly Capability[],
  action: Action,
): RefusalText | undefined {
  const capability = capabilityFor(capabilities, action);
  return capability && refusalOf(controlStateOf(capability));
}

/** Whether nothing that can be done on this call opens it. */
export function isClosed(state: ControlState): boolean {
  return state.kind === 'refused' && state.remedy === undefined;
}

/** The refusal of a state, if it is one. */
export function refusalOf(state: ControlState): RefusalText | undefined {
  return state.kind === 'refused' ? state.refusal : undefined;
}
