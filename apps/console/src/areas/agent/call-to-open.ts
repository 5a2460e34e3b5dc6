import type { InteractionSummary } from '@proofline/protocol';

/** The newest open call of this agent that is not on the screen already. */
export function callToOpen(
  calls: readonly InteractionSummary[],
  agentId: string,
  shownId: string | undefined,
): InteractionSummary | undefined {
  return calls
    .filter((call) => call.state !== 'ended' && call.agentId === agentId)
    .filter((call) => call.interactionId !== shownId)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))[0];
}
