import type { Id } from '@proofline/kernel';
import {
  ErasureBasis,
  retentionClasses,
  type ErasureSummary,
  type HoldSummary,
  type RetentionDue,
  type RetentionPolicy,
} from '@proofline/protocol';
import { openDisclosures } from '../../reading/disclosures.ts';
import { readEntryRow } from '../../reading/read-rows.ts';
import { forecastErasure } from '../commands/forecast-erasure.ts';
import { findHeldSubjects, findHolds } from '../commands/find-holds.ts';
import { hasBegun } from '../commands/has-begun.ts';
import { isStanding } from '../commands/lifted-holds.ts';
import type { ErasureContext } from '../context.ts';
import { labelOf, monthBefore, type HeldScope, type Plan } from '../domain/plan.ts';
import { selected } from '../store/erase-rows.ts';
import type { ErasureRow } from '../store/erasure-rows.ts';
import type { HoldRow } from '../store/hold-rows.ts';

/** An erasure as the contract words it, for one reader. */
export async function describeErasure(
  context: ErasureContext,
  row: ErasureRow,
  reader: string,
): Promise<ErasureSummary> {
  const { plan, state, asked_evidence, effect_evidence } = row;
  const isOwn = row.asked_by === reader;
  // Written for whoever answers. Afterwards it is read in its entry, by who says what for (P9).
  const note = isOwn || state === 'waiting' ? await noteOf(context, asked_evidence) : undefined;
  return {
    erasureId: row.erasure_id,
    form: plan.form,
    label: labelOf(plan),
    ...(plan.form === 'fields' && { pseudonym: plan.pseudonym }),
    basis: ErasureBasis.parse(row.basis),
    ...(note !== undefined && { note }),
    state,
    ...(row.asked_by !== null && { askedBy: await named(context, row.asked_by) }),
    askedAt: row.asked_at.toISOString(),
    isOwn,
    ...(row.answered_by !== null && { answeredBy: await named(context, row.answered_by) }),
    ...(row.answered_at !== null && { answeredAt: row.answered_at.toISOString() }),
    ...(row.carried_out_at !== null && { carriedOutAt: row.carried_out_at.toISOString() }),
    askedEvidenceId: asked_evidence,
    ...(effect_evidence !== null && { effectEvidenceId: effect_evidence }),
    holds:
      state === 'waiting' || (state === 'approved' && !(await hasBegun(context, plan)))
        ? [...(await findHolds(context, context.storage.db, plan))]
        : [],
  };
}

/** A hold as the contract words it, for one reader. */
export async function describeHold(
  context: ErasureContext,
  row: HoldRow,
  reader: string,
): Promise<HoldSummary> {
  const isLifted = !isStanding(context, row);
  const isOwn = row.placed_by === reader;
  // Written for whoever lifts it.
  const note = isOwn || !isLifted ? await noteOf(context, row.placed_evidence) : undefined;
  return {
    holdId: row.hold_id,
    kind: row.scope.kind,
    label: scopeLabel(row.scope),
    reasonCode: row.reason_code,
    ...(note !== undefined && { note }),
    placedBy: await named(context, row.placed_by),
    placedAt: row.placed_at.toISOString(),
    isOwn,
    ...(isLifted && row.lifted_by !== null && { liftedBy: await named(context, row.lifted_by) }),
    ...(isLifted && row.lifted_at !== null && { liftedAt: row.lifted_at.toISOString() }),
    evidenceId: row.placed_evidence,
  };
}

/** Without a name: nobody has said yet what for they want to know (P9). */
function scopeLabel(scope: HeldScope): string {
  if (scope.kind === 'case') return `the case ${scope.caseId}`;
  if (scope.kind === 'range') return `entries ${scope.start} to ${scope.end - 1}`;
  return `everything about ${scope.pseudonym}`;
}

/** What falls due of each class under a policy. */
export async function findDue(
  context: ErasureContext,
  policy: RetentionPolicy,
): Promise<RetentionDue[]> {
  const { storage, clock, tenant } = context;
  const due: RetentionDue[] = [];
  for (const retention of retentionClasses) {
    const before = monthBefore(clock.now(), policy[retention]);
    const plan: Plan = { form: 'expired', retention, before };
    const { entries, keys } = await forecastErasure(context, plan);
    const oldest = await selected(storage.db, { table: 'ledger_keys', tenant }, { retention })
      .select('month')
      .orderBy('month')
      .limit(1)
      .executeTakeFirst();
    due.push({
      retention,
      months: policy[retention],
      before,
      entries,
      keys,
      held: (await findHeldSubjects(context, storage.db, plan)).length,
      ...(oldest && { oldest: oldest.month }),
    });
  }
  return due;
}

/** The sentence that was given, as far as it was not erased itself. */
async function noteOf(context: ErasureContext, evidenceId: Id<'evt'>): Promise<string | undefined> {
  const [row] = await context.rows.entries.findByIds(context.storage.db, [evidenceId]);
  if (!row) return undefined;
  const opened = await openDisclosures(context, [readEntryRow(row)]);
  const fields = (opened.get(evidenceId) ?? []).flatMap((group) => group.fields);
  const note = fields.find(({ name }) => name === 'note')?.value;
  return typeof note === 'string' ? note : undefined;
}

async function named({ nameOf }: ErasureContext, id: string) {
  const name = await nameOf?.(id);
  return name === undefined ? { id } : { id, name };
}
