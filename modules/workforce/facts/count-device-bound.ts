import { createLevelJudge } from '@proofline/assurance';
import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';

/** How many of somebody's authenticators are `phrh` today: judged now, not remembered. */
export async function countDeviceBound(
  { attestationPolicy: policy, clock, rows, storage }: Context,
  subjectId: Id<'stf'>,
): Promise<number> {
  const judge = createLevelJudge({ policy, nowMs: clock.now() });
  const own = await rows.authenticators.listOf(storage.db, subjectId);
  return own.filter((one) => one.atMost !== 'phr' && judge(one) === 'phrh').length;
}
