import type { Id } from '@proofline/kernel';
import { ProblemError, type CallOutcome } from '@proofline/protocol';
import type { Context } from '../context.ts';

/** Writes down how a call ended. The decision before it says who may, and for how long. */
export async function recordWrapUp(
  context: Context,
  wrapUp: {
    readonly interactionId: Id<'int'>;
    readonly agentId: Id<'stf'>;
    readonly outcome: CallOutcome;
  },
): Promise<{ readonly evidenceId: Id<'evt'> }> {
  const { interactionId, agentId, outcome } = wrapUp;
  return context.storage.transaction(async (tx) => {
    const call = await context.rows.interactions.find(tx, interactionId);
    if (call?.agentId !== agentId || call.state !== 'ended') {
      throw new ProblemError('access.denied', { internal: 'not an ended call of this caller' });
    }
    const evidenceId = await context.ledger.record(tx, {
      kind: 'interaction.wrapped-up',
      causes: [call.evidenceId],
      refs: { interactionId, ...(call.caseId ? { caseId: call.caseId } : {}) },
      subjects: { agent: agentId, actor: agentId },
      facts: { outcome },
    });
    return { evidenceId };
  });
}
