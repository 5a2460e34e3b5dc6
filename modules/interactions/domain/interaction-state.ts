/** A call rings, is live from the agent's first act on it, and ends once. */
export type InteractionState = 'ringing' | 'live' | 'ended';

type InteractionEvent = 'act' | 'end';

const transitions: Readonly<
  Record<InteractionState, Partial<Record<InteractionEvent, InteractionState>>>
> = {
  ringing: { act: 'live', end: 'ended' },
  live: { act: 'live', end: 'ended' },
  ended: {},
};

/** Where the event leads; `undefined`: it cannot happen in this state. */
export function nextInteractionState(
  state: InteractionState,
  event: InteractionEvent,
): InteractionState | undefined {
  return transitions[state][event];
}
