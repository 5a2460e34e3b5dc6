import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import { findApproval } from '../store/approval-rows.ts';

/**
 * Tells those concerned that a result is there, when it is of a request that an approval carried.
 * Who asked and who approved see then whether it came to anything.
 */
export async function tellOutcome(
  deps: ApprovalsDeps,
  { approvalId }: Readonly<Record<string, string>>,
): Promise<void> {
  if (approvalId === undefined) return;
  const row = await findApproval(deps.storage.db, deps.tenant, approvalId);
  if (!row || row.used_at === null) return;
  deps.notify({
    type: 'approval.changed',
    // Both were minted by this module, or are a caller's own id.
    staffId: row.requested_by as Id<'stf'>,
    desk: row.desk,
    approvalId: row.approval_id as Id<'apr'>,
  });
}
