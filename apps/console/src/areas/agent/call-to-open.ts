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

/**
 * The calls that a page just loaded does not go to by itself: they did not begin to ring now. Only
 * whoever opened the list of calls is waiting for what still rings.
 */
export function seenAtFirst(calls: readonly InteractionSummary[], isAtList: boolean): Set<string> {
  return new Set(
    calls
      .filter(({ state }) => !isAtList || state !== 'ringing')
      .map(({ interactionId }) => interactionId),
  );
}
