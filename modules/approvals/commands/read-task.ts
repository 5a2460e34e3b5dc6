import type { AccessItemState, AccessTaskState, TaskOf } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import { ApprovalContent, ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ApprovalsDeps } from '../context.ts';
import { itemStatusAt, TASK_MS, taskStatusOf } from '../domain/task-status.ts';
import { findTask, type StoredTask } from '../store/access-request-rows.ts';
import { findApproval } from '../store/approval-rows.ts';
import { courseOf } from '../store/course-of.ts';
import type { AccessRequestItemRow, AccessRequestRow } from '../store/tables.ts';

/**
 * Where an access request of this service stands. One of nobody and one of another are the same (P9).
 *
 * @throws ProblemError `access-request.unknown-task`, `.task-expired`
 */
export async function readTask(deps: ApprovalsDeps, of: TaskOf): Promise<AccessTaskState> {
  return describeTask(deps, await requireTask(deps, deps.storage.db, of));
}

/** The task itself. @throws ProblemError as {@link readTask} */
export async function requireTask(
  { tenant, clock }: ApprovalsDeps,
  db: Db,
  { taskId, serviceId }: TaskOf,
): Promise<StoredTask> {
  const task = await findTask(db, tenant, { taskId });
  if (task?.request.service_id !== serviceId) throw new ProblemError('access-request.unknown-task');
  if (handleEnds(task.request).getTime() <= clock.now()) {
    throw new ProblemError('access-request.task-expired');
  }
  return task;
}

/** Where a task stands now, however old it is. */
export async function describeTask(
  deps: ApprovalsDeps,
  { request, items }: StoredTask,
): Promise<AccessTaskState> {
  const read = await Promise.all(items.map((item) => readItem(deps, item)));
  return {
    // Minted by this module.
    taskId: request.task_id as Id<'arq'>,
    status: taskStatusOf(read.map(({ status }) => status)),
    expiresAt: handleEnds(request),
    isBulk: request.is_bulk,
    items: read,
  };
}

function handleEnds({ submitted_at }: AccessRequestRow): Date {
  return new Date(submitted_at.getTime() + TASK_MS);
}

async function readItem(
  { storage: { db }, tenant, clock }: ApprovalsDeps,
  { approval_id, cancelled_at }: AccessRequestItemRow,
): Promise<AccessItemState> {
  const row = await findApproval(db, tenant, approval_id);
  // It was written together with the task, and no approval is ever taken away.
  if (!row) throw new Error('the approval of an access request has gone');
  const { action, resource } = ApprovalContent.parse(JSON.parse(row.content));
  const status = itemStatusAt({ ...courseOf(row), cancelledAt: cancelled_at }, clock.now());
  const approval = status === 'approved' &&
    row.decided_at && {
      id: row.approval_id,
      approvedAt: row.decided_at,
      approvedUntil: row.expires_at,
    };
  return { action, resource, status, ...(approval && { approval }) };
}
