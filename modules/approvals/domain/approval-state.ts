import type { Approval } from '@proofline/protocol';

/** How long an answer is awaited, and then how long an approval waits for its use. */
export const APPROVAL_MS = 10 * 60_000;

/** What of an approval its state depends on. */
export interface ApprovalCourse {
  readonly verdict: 'approve' | 'reject' | null;
  readonly usedAt: Date | null;
  readonly withdrawnAt: Date | null;
  readonly expiresAt: Date;
}

/** Where an approval stands at a moment. What was used, rejected or taken back never expires any more. */
export function stateAt(course: ApprovalCourse, nowMs: number): Approval['state'] {
  if (course.usedAt) return 'used';
  if (course.verdict === 'reject') return 'rejected';
  if (course.withdrawnAt) return 'withdrawn';
  if (course.expiresAt.getTime() <= nowMs) return 'expired';
  return course.verdict === 'approve' ? 'approved' : 'open';
}
