import type { Facts, FactsProvider } from '@proofline/decisions';
import { isId, type Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import { stateAt } from '../domain/approval-state.ts';
import { courseOf } from '../store/course-of.ts';
import { findApproval } from '../store/approval-rows.ts';

/** `approvalRequest`: what stands behind an approval that somebody wants to decide. */
export function approvalRequestFacts(deps: ApprovalsDeps): FactsProvider {
  return {
    name: 'approvalRequest',
    async gather({ resource, subject }): Promise<Facts | undefined> {
      if (resource.type !== 'Approval' || !isId('apr', resource.id)) return undefined;
      if (!isId('stf', subject.id)) return undefined;
      const row = await findApproval(deps.storage.db, deps.tenant, resource.id);
      if (!row) return undefined;
      const staff = await deps.staffOf(subject.id);
      return {
        values: {
          open: stateAt(courseOf(row), deps.clock.now()) === 'open',
          requestedBySubject: row.requested_by === subject.id,
          sameDesk: staff?.desk === row.desk,
        },
        // Minted by the ledger.
        causes: [row.request_evidence_id as Id<'evt'>],
        refs: { approvalId: row.approval_id, interactionId: row.interaction_id },
      };
    },
  };
}
