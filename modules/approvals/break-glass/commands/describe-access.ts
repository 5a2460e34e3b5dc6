import type { Id } from '@proofline/kernel';
import { BreakGlass } from '@proofline/protocol';
import type { ApprovalsDeps } from '../../context.ts';
import { breakGlassStateAt, endsAtOf, reviewDueAt, whyOver } from '../domain/break-glass-state.ts';
import { countUses } from '../store/break-glass-rows.ts';
import { courseOfAccess, type BreakGlassRow } from '../store/break-glass-tables.ts';

/** Rows as the contract shows them to this reader. */
export async function describeAccesses(
  deps: ApprovalsDeps,
  rows: readonly BreakGlassRow[],
  readerId: string,
): Promise<BreakGlass[]> {
  const ids = rows.map(({ break_glass_id: id }) => id);
  const uses = await countUses(deps.storage.db, deps.tenant, ids);
  return Promise.all(
    rows.map((row) => describe(deps, row, { readerId, uses: uses.get(row.break_glass_id) ?? 0 })),
  );
}

/** {@link describeAccesses} of one. */
export async function describeAccess(
  deps: ApprovalsDeps,
  row: BreakGlassRow,
  readerId: string,
): Promise<BreakGlass> {
  const [one] = await describeAccesses(deps, [row], readerId);
  // One row, one access.
  return one!;
}

async function describe(
  deps: ApprovalsDeps,
  row: BreakGlassRow,
  { readerId, uses }: { readonly readerId: string; readonly uses: number },
): Promise<BreakGlass> {
  const course = courseOfAccess(row);
  const nowMs = deps.clock.now();
  const endsAt = row.ended_at ?? endsAtOf(course);
  const because = row.ended_because ?? whyOver(course, nowMs);
  const due = reviewDueAt(course, deps.breakGlass.reviewHours);
  return BreakGlass.parse({
    breakGlassId: row.break_glass_id,
    state: breakGlassStateAt(course, nowMs),
    accountNumber: row.account_number,
    // Written by this module as an array of names; parsed as the contract has them.
    categories: JSON.parse(row.categories) as unknown,
    reasonCode: row.reason_code,
    note: row.note,
    minutes: row.minutes,
    requestedBy: await describeColleague(deps, row.requested_by),
    isOwn: row.requested_by === readerId,
    requestedAt: row.requested_at.toISOString(),
    desk: row.desk,
    ...(row.opened_by !== null && { openedBy: await describeColleague(deps, row.opened_by) }),
    ...(row.opened_at !== null && { openedAt: row.opened_at.toISOString() }),
    ...(endsAt && { endsAt: endsAt.toISOString() }),
    ...(because && { endedBecause: because }),
    uses,
    ...(due && row.verdict === null && { reviewDueAt: due.toISOString() }),
    ...(row.reviewed_by !== null && { reviewedBy: await describeColleague(deps, row.reviewed_by) }),
    ...(row.verdict !== null && { verdict: row.verdict }),
    ...(row.words !== null && { words: row.words }),
    evidenceId: row.evidence_id,
  });
}

async function describeColleague(deps: ApprovalsDeps, subjectId: string) {
  // Written by this module from a caller's own id.
  const staff = await deps.staffOf(subjectId as Id<'stf'>);
  return { subjectId, displayName: staff?.displayName ?? 'A former colleague' };
}
