import {
  FactsSpent,
  type DecisionInput,
  type Facts,
  type FactsProvider,
} from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import { ApprovalContent } from '@proofline/protocol';
import type { ApprovalsDeps } from '../context.ts';
import { customerOf, listUsable, markUsed } from '../store/approval-rows.ts';
import type { ApprovalRow } from '../store/tables.ts';
import { verdictStands } from './verdict-stands.ts';

/** `approval`: the unused approval of exactly what is asked, used up by the permit that needs it. */
export function approvalFacts(deps: ApprovalsDeps): FactsProvider {
  return {
    name: 'approval',
    async gather(input): Promise<Facts | undefined> {
      const contentDigest = input.request?.contentDigest;
      if (contentDigest === undefined || input.subject.type !== 'Staff') return undefined;
      const rows = await listUsable(deps.storage.db, deps.tenant, {
        requestedBy: input.subject.id,
        at: new Date(deps.clock.now()),
        contentDigest,
      });
      // A revoked one leaves room for another of the same content; the newest is the one that counts.
      // Who brings one along is judged by that one alone (ARAP, re-evaluation).
      const brought = input.request?.approvalId;
      const row = rows.findLast(
        (one) =>
          one.verdict === 'approve' &&
          isAbout(one, input) &&
          (brought === undefined || brought === one.approval_id),
      );
      return row && (await verdictStands(deps, row)) ? factsOf(deps, row, input) : undefined;
    },
  };
}

/** The digest came with the question; an approval counts for its own action and resource only. */
export function isAbout(row: ApprovalRow, { action, resource }: DecisionInput): boolean {
  const content = ApprovalContent.parse(JSON.parse(row.content));
  return (
    content.action === action &&
    content.resource.type === resource.type &&
    content.resource.id === resource.id
  );
}

function factsOf(deps: ApprovalsDeps, row: ApprovalRow, input: DecisionInput): Facts {
  // Minted by the ledger when the verdict was written.
  const decidedEvidence = row.decision_evidence_id as Id<'evt'>;
  return {
    values: {
      approved: true,
      byOther: row.decided_by !== input.subject.id,
      sameDesk: row.decided_by_desk === row.desk,
      ...(row.reason_code !== null && { reasonCode: row.reason_code }),
    },
    causes: [decidedEvidence],
    refs: { approvalId: row.approval_id, interactionId: row.interaction_id },
    ...(row.decided_by !== null && { subjects: { approver: row.decided_by } }),
    async onPermit(tx, { decisionId, evidenceId }) {
      const at = new Date(deps.clock.now());
      const use = { approvalId: row.approval_id, decisionId, at };
      if (!(await markUsed(tx, deps.tenant, use))) throw new FactsSpent();
      await deps.ledger.record(tx, {
        kind: 'approval.used',
        causes: [decidedEvidence, evidenceId],
        refs: {
          approvalId: row.approval_id,
          interactionId: row.interaction_id,
          decisionId,
        },
        subjects: { ...customerOf(row), actor: row.requested_by },
      });
    },
  };
}
