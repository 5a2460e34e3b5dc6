import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { isWhole, type FieldSelection, type Plan } from '../domain/plan.ts';
import { isStanding } from './lifted-holds.ts';
import type { HeldFields, HoldRow } from '../store/hold-rows.ts';

/**
 * The holds that stand in the way of a plan. What is erased of everybody by its time is in nobody's
 * way: it leaves out whom a hold is about ({@link findHeldSubjects}).
 */
export async function findHolds(
  context: ErasureContext,
  db: Db,
  plan: Plan,
): Promise<readonly Id<'hld'>[]> {
  if (plan.form === 'policy' || plan.form === 'expired') return [];
  const { holds } = context;
  const inTheWay: Id<'hld'>[] = [];
  for (const hold of await findStanding(context, db)) {
    const stands =
      plan.form === 'fields'
        ? (await holds.fieldsOf(db, hold.scope)).some((one) => isSelected(one, plan)) ||
          isAbout(hold, plan.pseudonym) ||
          (isWhole(plan) && (await holds.names(db, hold.scope, plan.pseudonym)))
        : await holds.covers(db, hold.scope, stretchOf(plan));
    if (stands) inTheWay.push(hold.hold_id);
  }
  return inTheWay;
}

/** Of whom a hold keeps fields of this class and time. */
export async function findHeldSubjects(
  context: ErasureContext,
  db: Db,
  selection: FieldSelection,
): Promise<readonly string[]> {
  const held = new Set<string>();
  for (const hold of await findStanding(context, db)) {
    for (const one of await context.holds.fieldsOf(db, hold.scope)) {
      if (isSelected(one, selection)) held.add(one.subject);
    }
  }
  return [...held].sort();
}

async function findStanding(context: ErasureContext, db: Db): Promise<readonly HoldRow[]> {
  return (await context.holds.all(db)).filter((row) => isStanding(context, row));
}

/** A hold on somebody keeps their pseudonym too, whether anything of theirs is sealed or not. */
function isAbout({ scope }: HoldRow, pseudonym: string): boolean {
  return scope.kind === 'subject' && scope.pseudonym === pseudonym;
}

function isSelected(one: HeldFields, { pseudonym, retention, before }: FieldSelection): boolean {
  return (
    (pseudonym ?? one.subject) === one.subject &&
    (retention ?? one.retention) === one.retention &&
    (before === undefined || one.month < before)
  );
}

/** The entries that a plan takes whole. */
export function stretchOf(plan: Extract<Plan, { form: 'entries' | 'prefix' }>) {
  return plan.form === 'entries'
    ? { start: plan.start, end: plan.end }
    : { start: 0, end: plan.below };
}
