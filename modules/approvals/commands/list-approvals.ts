import { conditionOf } from '@proofline/decisions';
import { deskInSight, ProblemError, type Approval, type Total } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { approvalColumns } from '../store/approval-columns.ts';
import { listApprovals as listRows } from '../store/approval-rows.ts';
import { describeApprovals } from './describe-approval.ts';

/** The approvals that the policies let the caller see; the newest first. */
export async function listApprovals(
  deps: ApprovalsDeps,
  wanted: { readonly actor: Actor; readonly state: Approval['state'] | undefined },
): Promise<{ approvals: Approval[]; total: Total }> {
  const { sessionId, subjectId } = wanted.actor;
  const staff = await deps.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'the reader is not active' });
  const at = new Date(deps.clock.now());
  const filter = await deps.decisions.rowsPermitted({
    subject: { type: 'Staff', id: subjectId },
    sessionId,
    action: 'approval:list',
    resourceType: 'Approval',
    known: ['staff', 'session'],
    columns: approvalColumns({ subjectId, desk: staff.desk, at }),
  });
  const { rows, total } = await deps.storage.confined(
    { subjectId, desk: deskInSight(staff) },
    (tx) => listRows(tx, deps.tenant, { where: conditionOf(filter), state: wanted.state, at }),
  );
  const described = await describeApprovals(deps, rows);
  const approvals = described.filter(
    ({ state }) => wanted.state === undefined || state === wanted.state,
  );
  const isWhole = total.count === rows.length;
  // Which of those beyond the page are revoked, the table cannot know.
  const isCounted = wanted.state !== 'approved' && wanted.state !== 'revoked';
  if (isCounted && !isWhole) return { approvals, total };
  return { approvals, total: { count: approvals.length, isExact: isWhole } };
}
