import { newId, type Id } from '@proofline/kernel';
import {
  inCategoryOrder,
  ProblemError,
  type BreakGlass,
  type BreakGlassCategory,
  type BreakGlassReason,
} from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../../context.ts';
import { breakGlassStateAt, reviewDueAt } from '../domain/break-glass-state.ts';
import { insertAccess, listUnjudgedOf } from '../store/break-glass-rows.ts';
import { courseOfAccess, type BreakGlassRow } from '../store/break-glass-tables.ts';
import { describeAccess } from './describe-access.ts';
import { tellAccessChanged } from './keep-access-step.ts';

interface Requesting {
  readonly actor: Actor;
  readonly accountNumber: string;
  readonly categories: readonly BreakGlassCategory[];
  readonly reasonCode: BreakGlassReason;
  readonly note: string;
  readonly minutes: number;
  readonly decisionEvidenceId: Id<'evt'>;
}

/**
 * Asks for emergency access to named data of one record. Whether there is such a record is not told (P9);
 * a request for none opens nothing. Answers when the evidence is durable.
 *
 * @throws ProblemError `break-glass.one-at-a-time`, `break-glass.review-overdue`, `access.denied`
 */
export async function requestBreakGlass(
  deps: ApprovalsDeps,
  asked: Requesting,
): Promise<BreakGlass> {
  const { actor } = asked;
  const staff = await deps.staffOf(actor.subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'who asks is not active' });
  const customerId = (await deps.breakGlass.customerOf(asked.accountNumber)) ?? null;
  const row = await deps.storage.transaction(async (tx) => {
    const earlier = await listUnjudgedOf(tx, deps.tenant, actor.subjectId);
    for (const one of earlier) requireOver(deps, one);
    const breakGlassId = newId('bgl', deps);
    const categories = inCategoryOrder(asked.categories);
    const evidenceId = await deps.ledger.record(tx, {
      kind: 'break-glass.requested',
      causes: [asked.decisionEvidenceId],
      refs: { breakGlassId, sessionId: actor.sessionId },
      subjects: {
        actor: actor.subjectId,
        ...(customerId !== null && { customer: customerId }),
      },
      facts: { categories, reasonCode: asked.reasonCode, minutes: asked.minutes },
      personal: [
        {
          subject: actor.subjectId,
          retention: 'case',
          fields: { accountNumber: asked.accountNumber, note: asked.note },
        },
      ],
    });
    const made: BreakGlassRow = {
      tenant: deps.tenant,
      break_glass_id: breakGlassId,
      account_number: asked.accountNumber,
      customer_id: customerId,
      categories: JSON.stringify(categories),
      reason_code: asked.reasonCode,
      note: asked.note,
      minutes: asked.minutes,
      requested_by: actor.subjectId,
      requested_in_session: actor.sessionId,
      desk: staff.desk,
      requested_at: new Date(deps.clock.now()),
      ...nothingYet,
      evidence_id: evidenceId,
    };
    await insertAccess(tx, made);
    await deps.breakGlass.tell(tx, actor.subjectId, 'Emergency access was asked for in your name.');
    return made;
  });
  // Minted by the ledger.
  await deps.ledger.durable(row.evidence_id as Id<'evt'>);
  tellAccessChanged(deps, row);
  return describeAccess(deps, row, actor.subjectId);
}

const nothingYet = {
  declined_by: null,
  declined_at: null,
  opened_by: null,
  opened_in_session: null,
  opened_at: null,
  ended_by: null,
  ended_because: null,
  ended_at: null,
  escalated_at: null,
  reviewed_by: null,
  reviewed_at: null,
  verdict: null,
  words: null,
  seen_at: null,
} as const satisfies Partial<BreakGlassRow>;

/** Of an earlier one: it neither waits nor is open, and its time to be judged is not over. */
function requireOver(deps: ApprovalsDeps, row: BreakGlassRow): void {
  const course = courseOfAccess(row);
  const nowMs = deps.clock.now();
  const state = breakGlassStateAt(course, nowMs);
  if (state === 'waiting' || state === 'open') throw new ProblemError('break-glass.one-at-a-time');
  const due = reviewDueAt(course, deps.breakGlass.reviewHours);
  if (state === 'overdue' || (due && due.getTime() <= nowMs)) {
    throw new ProblemError('break-glass.review-overdue');
  }
}
