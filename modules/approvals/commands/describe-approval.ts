import type { Id } from '@proofline/kernel';
import { Approval } from '@proofline/protocol';
import type { ApprovalsDeps } from '../context.ts';
import { stateAt } from '../domain/approval-state.ts';
import { courseOf } from '../store/course-of.ts';
import type { ApprovalRow } from '../store/tables.ts';

/** A row as the contract shows it, with the names of those concerned. */
export async function describeApproval(deps: ApprovalsDeps, row: ApprovalRow): Promise<Approval> {
  const content: unknown = JSON.parse(row.content);
  return Approval.parse({
    approvalId: row.approval_id,
    state: stateAt(courseOf(row), deps.clock.now()),
    content,
    contentDigest: row.content_digest,
    requestedBy: await describeColleague(deps, row.requested_by),
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.note !== null && { note: row.note }),
    ...(row.decided_by !== null && { decidedBy: await describeColleague(deps, row.decided_by) }),
    ...(row.reason_code !== null && { reasonCode: row.reason_code }),
  });
}

async function describeColleague(deps: ApprovalsDeps, subjectId: string) {
  // Written by this module from a caller's own id.
  const staff = await deps.staffOf(subjectId as Id<'stf'>);
  return { subjectId, displayName: staff?.displayName ?? 'A former colleague' };
}
