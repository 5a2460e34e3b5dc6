import type { ApprovalsDeps } from '../context.ts';
import { findApproval } from '../store/approval-rows.ts';
import { tellChanged } from './tell-changed.ts';

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
  tellChanged(deps, row);
}
