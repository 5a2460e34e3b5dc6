import type { Id } from '@proofline/kernel';
import { ProblemError, type Approval } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { stateAt } from '../domain/approval-state.ts';
import { courseOf } from '../store/course-of.ts';
import { customerOf, holdApproval, markWithdrawn } from '../store/approval-rows.ts';
import { describeApproval } from './describe-approval.ts';
import { tellChanged } from './tell-changed.ts';

interface Withdrawing {
  readonly actor: Actor;
  readonly approvalId: Id<'apr'>;
  /** The permit's entry: a cause of this one. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Takes one's own request back while nobody has answered it. An enforcement point that had asked for
 * the same in this agent's place learns that it was cancelled.
 *
 * @throws ProblemError `access.denied` for a colleague's and for none alike (P9); `approval.closed`
 */
export async function withdrawApproval(
  deps: ApprovalsDeps,
  { actor, approvalId, decisionEvidenceId }: Withdrawing,
): Promise<Approval> {
  const withdrawn = await deps.storage.transaction(async (tx) => {
    // Held: nobody answers between the look and the end of it.
    const row = await holdApproval(tx, deps.tenant, approvalId);
    if (row?.requested_by !== actor.subjectId) {
      throw new ProblemError('access.denied', { internal: 'not a request of the caller' });
    }
    const at = new Date(deps.clock.now());
    if (stateAt(courseOf(row), at.getTime()) !== 'open') throw new ProblemError('approval.closed');
    await markWithdrawn(tx, deps.tenant, { approvalId, at });
    await deps.ledger.record(tx, {
      kind: 'approval.withdrawn',
      // Minted by the ledger.
      causes: [row.request_evidence_id as Id<'evt'>, decisionEvidenceId],
      refs: { approvalId, interactionId: row.interaction_id },
      subjects: { ...customerOf(row), actor: actor.subjectId, requestedBy: row.requested_by },
      facts: { requestEnds: true },
    });
    return { ...row, withdrawn_at: at, expires_at: at };
  });
  tellChanged(deps, withdrawn);
  return describeApproval(deps, withdrawn);
}
