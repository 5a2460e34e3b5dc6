import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import type { ApprovalRow } from '../store/tables.ts';

/**
 * Whether an approval may still count: the session in which it was given was not taken away, and who
 * gave it works here. One whose session is not known does not count (P7).
 */
export async function verdictStands(deps: ApprovalsDeps, row: ApprovalRow): Promise<boolean> {
  if (row.decided_by === null || row.decided_in_session === null) return false;
  // Written by this module from a caller's own id.
  const decidedBy = row.decided_by as Id<'stf'>;
  // The same caller's session, minted by `sessions`.
  const sessionId = row.decided_in_session as Id<'ses'>;
  if ((await deps.staffOf(decidedBy)) === undefined) return false;
  return !(await deps.wasRevoked(sessionId));
}
