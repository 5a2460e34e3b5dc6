import type { Id } from '@proofline/kernel';
import type { BreakGlassEnd } from '@proofline/protocol';
import type { ApprovalsDeps } from '../../context.ts';
import { endsAtOf, reviewDueAt, whyOver } from '../domain/break-glass-state.ts';
import { openerStands, openingStands } from '../facts/opening-stands.ts';
import { listOpened, listToWatch, noteSeen } from '../store/break-glass-rows.ts';
import { courseOfAccess, type BreakGlassRow } from '../store/break-glass-tables.ts';
import { keepAccessStep, tellAccessChanged, type AccessStep } from './keep-access-step.ts';

/** How often the time that was seen is written down. */
const SEEN_EVERY_MS = 10_000;

/**
 * Looks at everything that was opened and not judged: ends what is over, and tells of what nobody judged in
 * time. That it is over does not hang on this: the facts say so with the next question.
 */
export async function watchBreakGlass(deps: ApprovalsDeps): Promise<void> {
  let page = await listToWatch(deps.storage.db, deps.tenant);
  while (page.length > 0) {
    for (const row of page) await watchOne(deps, row);
    page = await listToWatch(deps.storage.db, deps.tenant, page.at(-1));
  }
}

async function watchOne(deps: ApprovalsDeps, row: BreakGlassRow): Promise<void> {
  const now = new Date(deps.clock.now());
  const course = courseOfAccess(row);
  if (row.ended_at === null) {
    const because = whyOver(course, now.getTime()) ?? (await whyFallen(deps, row));
    if (because) return take(deps, row, endOf(row, because, now));
    const seen = row.seen_at?.getTime() ?? 0;
    if (now.getTime() - seen >= SEEN_EVERY_MS) await noteSeen(deps.storage.db, row, now);
    return;
  }
  const due = reviewDueAt(course, deps.breakGlass.reviewHours);
  if (due && due.getTime() <= now.getTime()) {
    await take(deps, row, {
      kind: 'break-glass.escalated',
      columns: { escalated_at: now },
      facts: { reviewHours: deps.breakGlass.reviewHours },
      told: 'Nobody has judged your emergency access in time. Until somebody does, you get no other.',
    });
  }
}

async function whyFallen(
  deps: ApprovalsDeps,
  row: BreakGlassRow,
): Promise<BreakGlassEnd | undefined> {
  if (!(await openerStands(deps, row))) return 'opener-gone';
  return (await openingStands(deps, row)) ? undefined : 'session';
}

/** A session is over: what was open in it ends with it. */
export async function endOfSession(deps: ApprovalsDeps, sessionId: Id<'ses'>): Promise<void> {
  const rows = await listOpened(deps.storage.db, deps.tenant, { sessionId });
  const now = new Date(deps.clock.now());
  for (const row of rows) await take(deps, row, endOf(row, 'session', now));
}

function endOf(row: BreakGlassRow, because: BreakGlassEnd, now: Date): AccessStep {
  const endsAt = endsAtOf(courseOfAccess(row));
  return {
    kind: 'break-glass.ended',
    columns: {
      ended_because: because,
      ended_at: because === 'time' && endsAt ? endsAt : now,
    },
    facts: { because },
    told: 'The emergency access in your name has ended.',
  };
}

async function take(deps: ApprovalsDeps, row: BreakGlassRow, step: AccessStep): Promise<void> {
  const written = await deps.storage
    .transaction((tx) => keepAccessStep(deps, tx, { row, step }))
    // Somebody took a step meanwhile: the next look sees it.
    .catch(() => undefined);
  if (written) tellAccessChanged(deps, written);
}
