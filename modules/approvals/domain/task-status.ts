import type { AccessItemState, AccessTaskState } from '@proofline/decisions';
import type { ApprovalCourse } from './approval-state.ts';

type ItemStatus = AccessItemState['status'];

/** How long a task can be asked after: long past its end, and no idempotency key ends before it. */
export const TASK_MS = 25 * 60 * 60_000;

/**
 * Where one thing that was asked for stands (AuthZEN Access Request and Approval profile, State
 * Transitions): it leaves `pending` once and stays. What became of an approval afterwards is for the
 * PDP to say.
 */
export function itemStatusAt(
  course: ApprovalCourse & { readonly cancelledAt: Date | null },
  nowMs: number,
): ItemStatus {
  // Written only where nobody had answered.
  if (course.cancelledAt) return 'cancelled';
  if (course.verdict === 'approve') return 'approved';
  if (course.verdict === 'reject') return 'denied';
  if (course.withdrawnAt) return 'cancelled';
  return course.expiresAt.getTime() <= nowMs ? 'expired' : 'pending';
}

/** Where all of them together stand (Bulk profile, Response Items and Aggregation). */
export function taskStatusOf(items: readonly ItemStatus[]): AccessTaskState['status'] {
  if (items.includes('pending')) return 'pending';
  const ends = [...new Set(items)];
  // There is one at least.
  return ends.length === 1 ? ends[0]! : 'partial';
}
