import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import type { ApprovalRow } from '../store/tables.ts';

/** Tells those concerned that an approval is no longer what their screens show. */
export function tellChanged({ notify }: ApprovalsDeps, row: ApprovalRow): void {
  notify({
    type: 'approval.changed',
    // Both were minted by this module, or are a caller's own id.
    staffId: row.requested_by as Id<'stf'>,
    desk: row.desk,
    approvalId: row.approval_id as Id<'apr'>,
  });
}
