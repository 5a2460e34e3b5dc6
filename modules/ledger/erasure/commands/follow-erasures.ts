import { newId } from '@proofline/kernel';
import { retentionClasses } from '@proofline/protocol';
import type { ErasureContext } from '../context.ts';
import { factsOf, monthBefore, type Plan } from '../domain/plan.ts';
import { carryOut } from './carry-out.ts';
import { currentPolicy } from './current-policy.ts';
import { forecastErasure } from './forecast-erasure.ts';

/** Drops what this process has in memory when any process erased something. */
export function createForgetting({ erasures, storage, recorder }: ErasureContext) {
  let seen: number | undefined;
  return async (): Promise<void> => {
    const number = await erasures.forgetting(storage.db);
    if (seen !== undefined && number !== seen) recorder.forget();
    seen = number;
  };
}

/**
 * Erases what is past its time, where the published policy says that it goes by itself: the personal
 * fields of each class, but not of anybody whom a hold is about.
 */
export async function eraseExpired(context: ErasureContext): Promise<void> {
  const { storage, erasures, clock, writer } = context;
  if (!storage.mayErase()) return;
  const { policy, evidenceId: published } = await currentPolicy(context);
  if (!policy.automatic || published === undefined) return;
  for (const retention of retentionClasses) {
    const before = monthBefore(clock.now(), policy[retention]);
    const plan: Plan = { form: 'expired', retention, before };
    const { keys, entries } = await forecastErasure(context, plan);
    if (keys + entries === 0) continue;
    const erasureId = newId('ers', context);
    const approved = await storage.transaction(async (tx) => {
      const asked = await writer.record(tx, {
        kind: 'erasure.approved',
        causes: [published],
        refs: { erasureId },
        facts: { basis: 'retention-ended', by: 'policy', ...factsOf(plan) },
      });
      const at = new Date(clock.now());
      await erasures.insert(tx, {
        erasure_id: erasureId,
        plan,
        basis: 'retention-ended',
        state: 'approved',
        asked_by: null,
        asked_at: at,
        asked_evidence: asked,
        answered_by: null,
        answered_at: at,
        answered_evidence: asked,
        told_at: null,
        effect_evidence: null,
        carried_out_at: null,
      });
      return asked;
    });
    await writer.durable(approved);
    await carryOut(context, erasureId);
  }
}
