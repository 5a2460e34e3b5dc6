import { isErasable } from '@proofline/evidence';
import type { ErasureForecast } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { isErasedKind } from '../domain/erased-kinds.ts';
import { isWhole, labelOf, monthBefore, type Plan } from '../domain/plan.ts';
import { selected } from '../store/erase-rows.ts';
import { currentPolicy } from './current-policy.ts';
import { findHeldSubjects, findHolds, stretchOf } from './find-holds.ts';
import { learnLifted } from './lifted-holds.ts';

/** What a plan would take now. Changes nothing. */
export async function forecastErasure(
  context: ErasureContext,
  plan: Plan,
): Promise<ErasureForecast> {
  const { storage } = context;
  const refusal = await whyNot(context, plan);
  await learnLifted(context);
  return {
    label: labelOf(plan),
    ...(await count(context, plan)),
    holds: [...(await findHolds(context, storage.db, plan))],
    ...(refusal !== undefined && { refusal }),
  };
}

async function count(
  context: ErasureContext,
  plan: Plan,
): Promise<Pick<ErasureForecast, 'entries' | 'keys' | 'standing'>> {
  const { storage, tenant } = context;
  if (plan.form === 'policy') return { entries: 0, keys: 0, standing: 0 };
  if (plan.form === 'entries' || plan.form === 'prefix') {
    const kinds = await context.stretches.countKinds(storage.db, stretchOf(plan));
    const of = (isWanted: (kind: string) => boolean) =>
      kinds.filter(({ kind }) => isWanted(kind)).reduce((sum, one) => sum + one.count, 0);
    return {
      entries: of(isErasable),
      keys: 0,
      standing: of((kind) => !isErasable(kind) && !isErasedKind(kind)),
    };
  }
  const except =
    plan.form === 'expired' ? await findHeldSubjects(context, storage.db, plan) : undefined;
  const selection = { ...plan, except };
  const countOf = async (table: 'ledger_disclosures' | 'ledger_keys') => {
    const row = await selected(storage.db, { table, tenant }, selection)
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirst();
    return Number(row?.count ?? 0);
  };
  return {
    entries: await countOf('ledger_disclosures'),
    keys: await countOf('ledger_keys'),
    standing: 0,
  };
}

/** Why nothing is erased here at all. */
export const CLOSED =
  'This server has no login that may erase: its operator gives one as PROOFLINE_DATABASE_ERASING_URL.';

/** Why a plan cannot be carried out whatever anybody approves; `undefined`: it can. */
export async function whyNot(
  context: ErasureContext,
  plan: Plan,
  db: Db = context.storage.db,
): Promise<string | undefined> {
  const { storage, sequencer, clock } = context;
  if (plan.form !== 'policy' && !storage.mayErase()) return CLOSED;
  if (plan.form === 'policy' || isWhole(plan)) return undefined;
  if (plan.form === 'fields' || plan.form === 'expired') {
    // Keys of this month are in use: what is sealed with them a moment later could never be opened.
    return plan.before !== undefined && plan.before > monthBefore(clock.now(), 0)
      ? 'Only months that are over can be erased by themselves.'
      : undefined;
  }
  const { end } = stretchOf(plan);
  if (end > sequencer.published().size) return 'The log does not reach that far.';
  if (plan.form === 'entries') {
    const kinds = await context.stretches.countKinds(db, stretchOf(plan));
    const standing = kinds.find(({ kind }) => !isErasable(kind) && !isErasedKind(kind));
    return standing && `Something rests on an entry ‘${standing.kind}’ among them: it stays.`;
  }
  return whyNotPruned(context, plan.below, db);
}

/** Old entries go only as the published policy has it. */
async function whyNotPruned(
  context: ErasureContext,
  below: number,
  db: Db,
): Promise<string | undefined> {
  const { rows, clock } = context;
  const { policy } = await currentPolicy(context, db);
  if (policy.entries === null) return 'The retention policy in force keeps all entries.';
  const [newest] = await rows.entries.range(db, below - 1, below);
  const cutoff = monthBefore(clock.now(), policy.entries);
  if (newest === undefined || newest.at.toISOString().slice(0, 7) >= cutoff) {
    return `The retention policy in force keeps entries for ${policy.entries} months.`;
  }
  return undefined;
}
