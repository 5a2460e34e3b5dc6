import type { AccessTaskStatus } from '@proofline/protocol';
import type { ApprovalCourse } from './approval-state.ts';

/**
 * Where a task stands (AuthZEN Access Request and Approval profile, state transitions): it leaves
 * `pending` once and stays. What became of an approval afterwards is for the PDP to say.
 */
export function taskStatusAt(course: ApprovalCourse, nowMs: number): AccessTaskStatus {
  if (course.verdict === 'approve') return 'approved';
  if (course.verdict === 'reject') return 'denied';
  return course.expiresAt.getTime() <= nowMs ? 'expired' : 'pending';
}
