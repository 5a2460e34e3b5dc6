import type { EvidenceKind } from '@proofline/protocol';
import { momentOf, type Context } from '../context.ts';
import { advance, type Step } from '../domain/advance.ts';
import type { RecoveryRow } from '../store/recovery-rows.ts';
import { announce, keepQuietly, keepStep } from './keep-step.ts';
import { recordRefusal } from './refuse.ts';
import { isAsRecorded } from './trust-row.ts';

/**
 * Looks at every open recovery: who vouched and has left counts no more, each day of a wait is told, and
 * what is too late ends. Only time that was watched counts as waited: those that wait come first, and however
 * many others somebody began, none is left out.
 */
export async function watchRecoveries(context: Context): Promise<void> {
  const { db } = context.storage;
  const nowMs = context.clock.now();
  await context.rows.passing.see(db, new Date(nowMs));
  for (const state of ['waiting', 'collecting'] as const) {
    for await (const row of context.rows.open.eachOf(db, state)) {
      const left = await dropLeavers(context, row);
      // Of one that waits each look counts; of the others only that their time is over.
      const isDue = state === 'waiting' || row.recovery.expiresAtMs <= nowMs;
      if (!left && isDue) await tick(context, row);
    }
  }
}

async function dropLeavers(context: Context, row: RecoveryRow): Promise<boolean> {
  for (const { by } of row.recovery.vouchers) {
    if (await context.isThere(context.storage.db, by)) continue;
    const next = advance(row.recovery, { kind: 'leave', who: by }, momentOf(context));
    if (next.ok) await keep(context, row, { step: next.value, kind: 'recovery.proof-lost' });
    return true;
  }
  return false;
}

async function tick(context: Context, row: RecoveryRow): Promise<void> {
  const next = advance(row.recovery, { kind: 'tick' }, momentOf(context));
  if (!next.ok) return;
  const step = next.value;
  const isEnd = step.recovery.state === 'expired';
  if (step.told.length > 0) {
    await keep(context, row, { step, kind: isEnd ? 'recovery.ended' : 'recovery.told' });
    return;
  }
  await context.storage
    .transaction((tx) => keepQuietly(context, tx, { row, recovery: step.recovery }))
    // Somebody took a step meanwhile: the next look sees it.
    .catch(() => undefined);
}

async function keep(
  context: Context,
  row: RecoveryRow,
  { kind, step }: { readonly step: Step; readonly kind: EvidenceKind },
): Promise<void> {
  // An entry of what somebody wrote into the row would make it true.
  if (!(await isAsRecorded(context, row))) {
    const key = row.recovery.recoveryId;
    return recordRefusal(context, { step: 'watch', because: 'differs-from-evidence', key, row });
  }
  const facts = kind === 'recovery.told' ? { told: [...step.told] } : { because: 'time' };
  const entry = { kind, facts: kind === 'recovery.proof-lost' ? { because: 'left' } : facts };
  await context.storage.transaction((tx) => keepStep(context, tx, { row, step, entry }));
  announce(context, step.recovery);
}
