import type { Id } from '@proofline/kernel';
import { Approval, type ResultOutcome } from '@proofline/protocol';
import type { ApprovalsDeps } from '../context.ts';
import { stateAt } from '../domain/approval-state.ts';
import { verdictStands } from '../facts/verdict-stands.ts';
import { courseOf } from '../store/course-of.ts';
import type { ApprovalRow } from '../store/tables.ts';

/** Rows as the contract shows them: with the names of those concerned, and what became of each. */
export async function describeApprovals(
  deps: ApprovalsDeps,
  rows: readonly ApprovalRow[],
): Promise<Approval[]> {
  const used = rows.flatMap(({ used_by_decision: id }) => (id === null ? [] : [id]));
  const outcomes = await deps.decisions.outcomesOf(used);
  return Promise.all(
    rows.map((row) => describe(deps, row, outcomes.get(row.used_by_decision ?? ''))),
  );
}

/** {@link describeApprovals} of one. */
export async function describeApproval(deps: ApprovalsDeps, row: ApprovalRow): Promise<Approval> {
  const [approval] = await describeApprovals(deps, [row]);
  // One row, one approval.
  return approval!;
}

async function describe(
  deps: ApprovalsDeps,
  row: ApprovalRow,
  outcome: ResultOutcome | undefined,
): Promise<Approval> {
  const state = stateAt(courseOf(row), deps.clock.now());
  const content: unknown = JSON.parse(row.content);
  return Approval.parse({
    approvalId: row.approval_id,
    state: state === 'approved' && !(await verdictStands(deps, row)) ? 'revoked' : state,
    content,
    contentDigest: row.content_digest,
    requestedBy: await describeColleague(deps, row.requested_by),
    requestedAt: row.requested_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    ...(row.note !== null && { note: row.note }),
    ...(row.decided_by !== null && { decidedBy: await describeColleague(deps, row.decided_by) }),
    ...(row.reason_code !== null && { reasonCode: row.reason_code }),
    ...(outcome && { outcome }),
  });
}

async function describeColleague(deps: ApprovalsDeps, subjectId: string) {
  // Written by this module from a caller's own id.
  const staff = await deps.staffOf(subjectId as Id<'stf'>);
  return { subjectId, displayName: staff?.displayName ?? 'A former colleague' };
}
