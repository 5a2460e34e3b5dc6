import type { ApprovalReview, PresentedApproval } from '@proofline/decisions';
import { isId } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import { stateAt } from '../domain/approval-state.ts';
import { isAbout } from '../facts/approval-facts.ts';
import { verdictStands } from '../facts/verdict-stands.ts';
import { findApproval } from '../store/approval-rows.ts';
import { courseOf } from '../store/course-of.ts';

/**
 * How an approval stands that somebody brought along. One that was never given, or to somebody else,
 * is as if there were none (P9).
 */
export async function reviewPresented(
  deps: ApprovalsDeps,
  { approvalId, input, decisionId }: PresentedApproval,
): Promise<ApprovalReview> {
  const row = isId('apr', approvalId)
    ? await findApproval(deps.storage.db, deps.tenant, approvalId)
    : undefined;
  const isTheirs = input.subject.type === 'Staff' && row?.requested_by === input.subject.id;
  if (!row || !isTheirs || row.verdict !== 'approve') return { standing: 'unknown' };
  const approvedUntil = row.expires_at;
  if (row.used_by_decision === decisionId) return { standing: 'carried', approvedUntil };
  if (!isAbout(row, input) || row.content_digest !== input.request?.contentDigest) {
    return { standing: 'out-of-scope', approvedUntil };
  }
  const isOver =
    stateAt(courseOf(row), deps.clock.now()) !== 'approved' || !(await verdictStands(deps, row));
  return { standing: isOver ? 'over' : 'applies', approvedUntil };
}
