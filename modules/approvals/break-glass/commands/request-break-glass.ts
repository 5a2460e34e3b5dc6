import { newId, type Id } from '@proofline/kernel';
import {
  breakGlassLimits,
  inCategoryOrder,
  ProblemError,
  type BreakGlass,
  type BreakGlassCategory,
  type BreakGlassReason,
} from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Actor, ApprovalsDeps } from '../../context.ts';
import { breakGlassStateAt } from '../domain/break-glass-state.ts';
import {
  countAskedSince,
  findOverdueOf,
  insertAccess,
  listUnfinishedOf,
} from '../store/break-glass-rows.ts';
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
 * @throws ProblemError `break-glass.one-at-a-time`, `break-glass.review-overdue`, `break-glass.too-many`,
 * `access.denied`
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
    await requireMayAsk(deps, tx, actor.subjectId);
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
          // Whose number it is: it goes when they are erased.
          subject: customerId ?? actor.subjectId,
          retention: 'case',
          fields: { accountNumber: asked.accountNumber },
        },
        { subject: actor.subjectId, retention: 'case', fields: { note: asked.note } },
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

/** None of their earlier ones waits, is open, or is overdue, and they ask sparingly. */
async function requireMayAsk(deps: ApprovalsDeps, tx: Db, requestedBy: string): Promise<void> {
  const { breakGlass, clock, tenant } = deps;
  const nowMs = clock.now();
  const of = { requestedBy, at: new Date(nowMs) };
  for (const row of await listUnfinishedOf(tx, tenant, of)) {
    const state = breakGlassStateAt(courseOfAccess(row), nowMs);
    if (state === 'waiting' || state === 'open') {
      throw new ProblemError('break-glass.one-at-a-time');
    }
  }
  if (await findOverdueOf(tx, tenant, { ...of, reviewHours: breakGlass.reviewHours })) {
    throw new ProblemError('break-glass.review-overdue');
  }
  const since = new Date(nowMs - 3_600_000);
  const asked = await countAskedSince(tx, tenant, { requestedBy, since });
  if (asked >= breakGlassLimits.askedPerHourMax) throw new ProblemError('break-glass.too-many');
}
