import type { SwitchForecast, SwitchTarget } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { countPermits } from '../store/count-permits.ts';
import { concerns } from '../domain/concerns.ts';
import { isHit, isUnstoppable } from '../domain/switched-off.ts';

/** How far back is looked, and at how many of the newest. */
const HOUR_MS = 60 * 60_000;
const LOOKED_AT_MAX = 5_000;

/** What a switch would hit if it were thrown now. */
export async function forecastSwitch(
  context: DecisionsContext,
  target: SwitchTarget,
): Promise<Omit<SwitchForecast, 'label'>> {
  const { set } = context.release();
  const [everybody, permits] = await Promise.all([
    context.onShift?.() ?? [],
    countPermits(context.storage.db, context.tenant, {
      since: new Date(context.clock.now() - HOUR_MS),
      newest: LOOKED_AT_MAX,
    }),
  ]);
  const hit = everybody.filter((person) => concerns(set, target, person));
  const stopped = permits.filter(({ subject, action }) => {
    const question = { subject, action };
    return !isUnstoppable(question) && isHit(target, question);
  });
  const of = sum(permits.map(({ count }) => count));
  return {
    people: hit.length,
    sessions: sum(hit.map(({ sessions }) => sessions)),
    calls: sum(hit.map(({ calls }) => calls)),
    decisions: {
      stopped: sum(stopped.map(({ count }) => count)),
      of,
      isPartial: of >= LOOKED_AT_MAX,
    },
  };
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);
