import { erasedIdHash, isErasable, standingAt } from '@proofline/evidence';
import type { Id, JsonObject } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { effectKindOf, factsOf, isWhole, refsOf, type Plan } from '../domain/plan.ts';
import type { ErasureRow } from '../store/erasure-rows.ts';
import { isAsRecorded, requireEffect } from './as-recorded.ts';
import { currentPolicy } from './current-policy.ts';
import { isErasedKind } from '../domain/erased-kinds.ts';
import { destroy, erasableKinds } from './destroy.ts';
import { findHeldSubjects, findHolds, stretchOf } from './find-holds.ts';
import { whyNot } from './forecast-erasure.ts';
import { hasBegun } from './has-begun.ts';
import { learnLifted } from './lifted-holds.ts';

/** Every process looks once a second whether to forget; none has anything in memory after this. */
const FORGOTTEN_AFTER_MS = 3_000;
/** In the place of when everybody was told to forget: it has begun, and nobody was told yet. */
const NOBODY_TOLD = new Date(0);

/**
 * Goes on with an erasure that was approved, from wherever it stands: at the approval, after a crash,
 * and again and again while other processes may still hold a pseudonym or a key in memory.
 *
 * First nobody can make the pseudonym out any more and everybody forgets the keys, so that nothing
 * new is sealed with what is about to go; then the entry that explains it is in the log and on the
 * mark (P3); then it goes.
 */
export async function carryOut(context: ErasureContext, erasureId: Id<'ers'>): Promise<void> {
  const { erasures, storage } = context;
  let row = await erasures.find(storage.db, erasureId);
  if (row?.state === 'approved') {
    await learnLifted(context);
    if (!(await isAsRecorded(context, row))) return;
    if (!(await mayBegin(context, row))) return;
    await recordEffect(context, row);
    row = await erasures.find(storage.db, erasureId);
  }
  if (row?.state === 'recorded') await finish(context, row);
}

/** False: a hold stands in the way, or somebody may still remember. */
async function mayBegin(context: ErasureContext, row: ErasureRow): Promise<boolean> {
  const { storage, erasures, erase, clock, recorder } = context;
  const { plan, erasure_id: erasureId } = row;
  if (!isWhole(plan)) return true;
  const isThere = !(await hasBegun(context, plan));
  if (isThere) {
    if (!(await settle(context, row))) return false;
    await storage.erase((tx) => erase.pseudonym(tx, plan.pseudonym));
  }
  const toldAt = row.told_at?.getTime() ?? NOBODY_TOLD.getTime();
  if (isThere || toldAt === NOBODY_TOLD.getTime()) {
    const told_at = new Date(clock.now());
    await storage.transaction(async (tx) => {
      await erasures.tellToForget(tx);
      await erasures.move(tx, { erasureId, from: 'approved', to: { told_at } });
    });
    recorder.forget();
    // The embedded database has one process, and it has forgotten.
    return storage.kind === 'embedded';
  }
  return storage.kind === 'embedded' || clock.now() - toldAt >= FORGOTTEN_AFTER_MS;
}

/**
 * The last moment for a hold: asked and marked in one transaction, so that a hold either comes before
 * it or finds it marked ({@link placeHold}). What comes after it is done whole.
 */
async function settle(context: ErasureContext, row: ErasureRow): Promise<boolean> {
  const { storage, erasures } = context;
  const { plan, erasure_id: erasureId } = row;
  return storage.transaction(async (tx) => {
    if ((await findHolds(context, tx, plan)).length > 0) return false;
    return erasures.move(tx, { erasureId, from: 'approved', to: { told_at: NOBODY_TOLD } });
  });
}

async function recordEffect(context: ErasureContext, row: ErasureRow): Promise<void> {
  const { storage, erasures, writer } = context;
  const { plan, erasure_id: erasureId, basis, answered_evidence, asked_evidence } = row;
  await storage
    .transaction(async (tx) => {
      // One of a whole person was asked before it began, and cannot be left half done.
      if (!isWhole(plan) && (await findHolds(context, tx, plan)).length > 0) return;
      const refusal = await whyNot(context, plan, tx);
      if (refusal !== undefined) throw new Error(`the erasure ${erasureId} waits: ${refusal}`);
      const published =
        plan.form === 'prefix' ? (await currentPolicy(context, tx)).evidenceId : undefined;
      const effect = await writer.record(tx, {
        kind: effectKindOf(plan),
        causes: [
          // Minted by Proofline when somebody answered.
          (answered_evidence ?? asked_evidence) as Id<'evt'>,
          ...(published ? [published] : []),
        ],
        refs: { erasureId, ...refsOf(plan) },
        facts: { basis, ...factsOf(plan), ...(await takenBy(context, tx, plan)) },
      });
      await erasures.tellToForget(tx);
      // Another process that was here first has recorded it.
      const to = { state: 'recorded' as const, effect_evidence: effect };
      if (!(await erasures.move(tx, { erasureId, from: 'approved', to }))) throw new RaceLost();
    })
    .catch((error: unknown) => {
      if (!(error instanceof RaceLost)) throw error;
    });
}

/** Another process carried the same step out. */
class RaceLost extends Error {}

/** What only the moment of erasing can tell: whom it leaves out, and which entries it finds. */
async function takenBy(context: ErasureContext, tx: Db, plan: Plan): Promise<JsonObject> {
  if (plan.form === 'expired') {
    const except = await findHeldSubjects(context, tx, plan);
    return except.length > 0 ? { except: [...except] } : {};
  }
  if (plan.form === 'prefix') {
    const below = await context.stretches.kindsBelow(tx, plan.below, erasableKinds);
    const left = below.filter(({ kind }) => !isErasable(kind) && !isErasedKind(kind));
    return { standing: standingAt(left.map(({ index }) => index)) };
  }
  if (plan.form !== 'entries') return {};
  const { start, end } = stretchOf(plan);
  const rows = await context.rows.entries.range(tx, start, end);
  const taken = rows.filter(({ kind }) => isErasable(kind));
  return {
    entries: Object.fromEntries(
      taken.map(({ index, evidenceId }) => [String(index), erasedIdHash(evidenceId)]),
    ),
  };
}

async function finish(context: ErasureContext, row: ErasureRow): Promise<void> {
  const { storage, erasures, writer, clock, rows, journal, recorder } = context;
  const { erasure_id: erasureId, effect_evidence: effect } = row;
  if (effect === null) return;
  await writer.durable(effect);
  await requireEffect(context, row);
  const [entry] = await rows.entries.findByIds(storage.db, [effect]);
  if (!entry) return;
  // Outside of the database before it takes effect: a backup that is restored does not know of it.
  await journal.append(entry.leaf);
  await destroy(context, entry);
  await storage.transaction((tx) => erasures.tellToForget(tx));
  recorder.forget();
  const to = { state: 'carried-out' as const, carried_out_at: new Date(clock.now()) };
  await storage.transaction((tx) => erasures.move(tx, { erasureId, from: 'recorded', to }));
}

/** Goes on with all that was approved and is not done. One that fails keeps no other from it. */
export async function carryOutAll(context: ErasureContext): Promise<void> {
  const { erasures, storage } = context;
  // It waits until somebody gives a login that may.
  if (!storage.mayErase()) return;
  const failures: unknown[] = [];
  for (const row of await erasures.inStates(storage.db, ['approved', 'recorded'], 100)) {
    await carryOut(context, row.erasure_id).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}
