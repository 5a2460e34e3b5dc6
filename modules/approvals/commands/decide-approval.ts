import type { Id } from '@proofline/kernel';
import { ProblemError, type Approval, type ReasonCode } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { APPROVAL_MS, stateAt } from '../domain/approval-state.ts';
import { courseOf } from '../store/course-of.ts';
import { customerOf, findApproval, writeVerdict } from '../store/approval-rows.ts';
import type { ApprovalRow } from '../store/tables.ts';
import { describeApproval } from './describe-approval.ts';
import { tellChanged } from './tell-changed.ts';

interface Deciding {
  readonly actor: Actor;
  readonly approvalId: Id<'apr'>;
  readonly verdict: 'approve' | 'reject';
  readonly reasonCode: ReasonCode;
  /** The permit's entry: a cause of this one. */
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Approves or rejects, once, with a reason code. Answers when the evidence is durable.
 *
 * The policies have permitted it before; who asks and whether it is open is checked again here,
 * in the transaction, because two supervisors may press at the same time.
 *
 * @throws ProblemError `approval.not-yours`, `approval.closed`, `access.denied`
 */
export async function decideApproval(deps: ApprovalsDeps, deciding: Deciding): Promise<Approval> {
  const staff = await deps.staffOf(deciding.actor.subjectId);
  const { row, evidenceId } = await deps.storage.transaction(async (tx) => {
    const at = new Date(deps.clock.now());
    const found = await findApproval(tx, deps.tenant, deciding.approvalId);
    if (!found || found.desk !== staff?.desk) throw new ProblemError('access.denied');
    checkDecidable(found, deciding, at);
    const recorded = await deps.ledger.record(tx, {
      kind: 'approval.decided',
      // Minted by the ledger.
      causes: [found.request_evidence_id as Id<'evt'>, deciding.decisionEvidenceId],
      refs: { approvalId: deciding.approvalId, interactionId: found.interaction_id },
      subjects: {
        ...customerOf(found),
        actor: deciding.actor.subjectId,
        requestedBy: found.requested_by,
      },
      facts: { verdict: deciding.verdict, reasonCode: deciding.reasonCode },
    });
    const written = await writeVerdict(tx, deps.tenant, {
      approvalId: deciding.approvalId,
      verdict: deciding.verdict,
      reasonCode: deciding.reasonCode,
      decidedBy: deciding.actor.subjectId,
      decidedInSession: deciding.actor.sessionId,
      desk: staff.desk,
      at,
      expiresAt: new Date(at.getTime() + APPROVAL_MS),
      evidenceId: recorded,
    });
    if (!written) throw new ProblemError('approval.closed');
    return { row: written, evidenceId: recorded };
  });
  await deps.ledger.durable(evidenceId);
  tellChanged(deps, row);
  return describeApproval(deps, row);
}

function checkDecidable(row: ApprovalRow, { actor }: Deciding, at: Date): void {
  if (row.requested_by === actor.subjectId) throw new ProblemError('approval.not-yours');
  if (stateAt(courseOf(row), at.getTime()) !== 'open') throw new ProblemError('approval.closed');
}
