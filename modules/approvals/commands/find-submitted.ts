import type { AccessRequestInput } from '@proofline/decisions';
import { ProblemError } from '@proofline/protocol';
import type { ApprovalsDeps } from '../context.ts';
import { findTask, findTasksOfDenials, type StoredTask } from '../store/access-request-rows.ts';

/**
 * What this key, or these denials, have opened before.
 *
 * @throws ProblemError `access-request.duplicate`: the key came with another submission;
 *   `access-request.invalid-binding`: a denial was used up by somebody else, or for other company
 */
export async function findSubmitted(
  { storage: { db }, tenant }: ApprovalsDeps,
  { by: { serviceId }, idempotencyKey, submissionDigest, items }: AccessRequestInput,
): Promise<StoredTask | undefined> {
  if (idempotencyKey !== undefined) {
    const same = await findTask(db, tenant, { serviceId, idempotencyKey });
    if (same && same.request.submission_digest !== submissionDigest) {
      throw new ProblemError('access-request.duplicate');
    }
    if (same) return same;
  }
  const denials = items.map(({ denial }) => denial.evaluationId);
  // One denial is for one thing.
  if (new Set(denials).size < denials.length) throw usedUp();
  const [taskId, ...others] = await findTasksOfDenials(db, tenant, denials);
  if (taskId === undefined) return undefined;
  const used = await findTask(db, tenant, { taskId });
  const isTheSame =
    others.length === 0 &&
    used?.items.length === denials.length &&
    used.items.every(({ evaluation_id }, place) => evaluation_id === denials[place]);
  // A token is for one request of one enforcement point, whoever else may have come by it.
  if (!isTheSame || used.request.service_id !== serviceId) throw usedUp();
  return used;
}

function usedUp(): ProblemError {
  return new ProblemError('access-request.invalid-binding');
}
