import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import { commit } from '../commit.ts';
import type { Context } from '../context.ts';
import { stateAt } from '../domain/proof-request-state.ts';
import { closeRequest } from './close-request.ts';

/** The agent withdraws the open request of their call. */
export async function cancelProofRequest(
  context: Context,
  input: { readonly interactionId: Id<'int'>; readonly agentId: Id<'stf'> },
): Promise<void> {
  const wasOpen = await commit(context, async (tx, tell) => {
    const call = await context.rows.interactions.find(tx, input.interactionId);
    if (call?.agentId !== input.agentId) {
      throw new ProblemError('access.denied', { internal: 'not a call of this agent' });
    }
    const request = await context.rows.requests.findOpenOfCall(tx, input.interactionId);
    if (!request) return false;
    const isLate = stateAt(request, context.clock.now()) !== 'open';
    const because = isLate ? 'expired' : 'agent-cancelled';
    return (await closeRequest(context, tx, { request, because, tell })) && !isLate;
  });
  if (!wasOpen) throw new ProblemError('proof.closed');
}
