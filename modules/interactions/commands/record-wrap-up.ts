import type { Id } from '@proofline/kernel';
import { ProblemError, type CallOutcome } from '@proofline/protocol';
import type { Context } from '../context.ts';

/**
 * Writes down how a call ended. The decision before it says who may, and for how long. Written a second
 * time it is a correction: an entry of its own that names the one before, which stays as it was.
 */
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
    // Held: of two at the same time, the second one corrects the first.
    const call = await context.rows.interactions.hold(tx, interactionId);
    if (call?.agentId !== agentId || call.state !== 'ended') {
      throw new ProblemError('access.denied', { internal: 'not an ended call of this caller' });
    }
    const evidenceId = await context.ledger.record(tx, {
      kind: call.wrapUpEvidenceId ? 'interaction.wrap-up-corrected' : 'interaction.wrapped-up',
      causes: [call.wrapUpEvidenceId ?? call.evidenceId],
      refs: { interactionId, ...(call.caseId ? { caseId: call.caseId } : {}) },
      subjects: { agent: agentId, actor: agentId },
      facts: { outcome },
    });
    await context.rows.interactions.noteWrapUp(tx, interactionId, evidenceId);
    return { evidenceId };
  });
}
