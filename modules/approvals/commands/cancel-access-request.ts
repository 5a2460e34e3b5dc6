import type { AccessRequestDesk, AccessTaskState } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ApprovalsDeps } from '../context.ts';
import { itemStatusAt } from '../domain/task-status.ts';
import { cancelItem } from '../store/access-request-rows.ts';
import { customerOf, holdApproval, markWithdrawn } from '../store/approval-rows.ts';
import { courseOf } from '../store/course-of.ts';
import type { AccessRequestItemRow, ApprovalRow } from '../store/tables.ts';
import { readTask, requireTask } from './read-task.ts';
import { tellChanged } from './tell-changed.ts';

type Cancelling = Parameters<AccessRequestDesk['cancel']>[0];

/**
 * Takes back what nobody has answered yet (AuthZEN Access Request and Approval profile, Cancellation;
 * Bulk profile: what has come to an end stays as it is). An approval that somebody asked for in person
 * goes on for them.
 *
 * @throws ProblemError `access-request.unknown-task`, `.task-expired`, `.invalid-task-state`
 */
export async function cancelAccessRequest(
  deps: ApprovalsDeps,
  cancelling: Cancelling,
): Promise<AccessTaskState> {
  const of = { taskId: cancelling.taskId, serviceId: cancelling.by.serviceId };
  const cancelled = await deps.storage.transaction(async (tx) => {
    const { items } = await requireTask(deps, tx, of);
    const rows: ApprovalRow[] = [];
    for (const item of items) {
      const row = await cancelOne(deps, tx, { item, cancelling });
      if (row) rows.push(row);
    }
    if (rows.length === 0) throw new ProblemError('access-request.invalid-task-state');
    return rows;
  });
  for (const row of cancelled) tellChanged(deps, row);
  return readTask(deps, of);
}

/** The approval that an item waited for; `undefined` where the item had come to its end. */
async function cancelOne(
  deps: ApprovalsDeps,
  tx: Db,
  { item, cancelling }: { readonly item: AccessRequestItemRow; readonly cancelling: Cancelling },
): Promise<ApprovalRow | undefined> {
  const { tenant } = deps;
  const { task_id: taskId, place, approval_id: approvalId, opened, cancelled_at } = item;
  // Held: nobody answers between the look and the cancellation.
  const row = await holdApproval(tx, tenant, approvalId);
  const at = new Date(deps.clock.now());
  const course = row && { ...courseOf(row), cancelledAt: cancelled_at };
  if (!course || itemStatusAt(course, at.getTime()) !== 'pending') return undefined;
  await cancelItem(tx, tenant, { taskId, place, at });
  if (opened) await markWithdrawn(tx, tenant, { approvalId, at });
  await recordCancelled(deps, tx, { row, cancelling, isOver: opened });
  return row;
}

async function recordCancelled(
  { ledger }: ApprovalsDeps,
  tx: Db,
  of: { readonly row: ApprovalRow; readonly cancelling: Cancelling; readonly isOver: boolean },
): Promise<void> {
  const { row, cancelling } = of;
  const { by, reason, comment } = cancelling;
  const words = { ...(reason && { reason }), ...(comment && { comment }) };
  await ledger.record(tx, {
    kind: 'approval.withdrawn',
    // Minted by the ledger.
    causes: [row.request_evidence_id as Id<'evt'>, by.evidenceId],
    refs: { approvalId: row.approval_id, interactionId: row.interaction_id },
    subjects: { ...customerOf(row), actor: by.serviceId, requestedBy: row.requested_by },
    // Where the agent had asked for the same in person, their request goes on.
    facts: { requestEnds: of.isOver },
    ...(Object.keys(words).length > 0 && {
      personal: [{ subject: row.requested_by, retention: 'case', fields: words }],
    }),
  });
}
