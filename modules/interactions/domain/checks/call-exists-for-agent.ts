import type { Check } from '../check.ts';
import type { AskFacts } from '../proof-facts.ts';

/** Only the agent to whom the call is assigned may ask on it; no call and another's look the same. */
export const callExistsForAgent: Check<AskFacts> = {
  problem: 'access.denied',
  refusal: ({ call, askedBy }) => (call?.agentId === askedBy ? undefined : 'agent-not-on-call'),
};
