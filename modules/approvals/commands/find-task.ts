import type { AccessTaskState } from '@proofline/decisions';
import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import { taskStatusAt } from '../domain/task-status.ts';
import { findAccessRequest } from '../store/access-request-rows.ts';
import { findApproval } from '../store/approval-rows.ts';
import { courseOf } from '../store/course-of.ts';

/** Where an access request of this service stands; `undefined` for one of nobody or of another. */
export async function findTask(
  { storage: { db }, tenant, clock }: ApprovalsDeps,
  { taskId, serviceId }: { readonly taskId: Id<'arq'>; readonly serviceId: string },
): Promise<AccessTaskState | undefined> {
  const request = await findAccessRequest(db, tenant, { taskId });
  if (request?.service_id !== serviceId) return undefined;
  const row = await findApproval(db, tenant, request.approval_id);
  if (!row) return undefined;
  const status = taskStatusAt(courseOf(row), clock.now());
  return {
    taskId,
    status,
    expiresAt: row.expires_at,
    ...(status === 'approved' &&
      row.decided_at && {
        approval: {
          id: row.approval_id,
          approvedAt: row.decided_at,
          approvedUntil: row.expires_at,
        },
      }),
  };
}
