import type { Check } from '../check.ts';
import { nextInteractionState } from '../interaction-state.ts';
import type { CallFacts } from '../proof-facts.ts';

/** A proof is bound to a call that is going on (P5). */
export const callIsLive: Check<CallFacts> = {
  problem: 'interaction.ended',
  refusal: ({ call }) =>
    call && nextInteractionState(call.state, 'act') ? undefined : 'call-ended',
};
