import type { ServiceKey } from '@proofline/protocol';
import { momentOf } from '../../../format/time.ts';

/** Which of two good keys it is. `undefined`: it stands alone, or is not good. */
export function ageAmong(keys: readonly ServiceKey[], key: ServiceKey): 'new' | 'old' | undefined {
  const others = keys.filter(({ kid, state }) => state === 'live' && kid !== key.kid);
  if (key.state !== 'live' || key.addedAt === undefined || others.length === 0) return undefined;
  const { addedAt } = key;
  return others.every((other) => (other.addedAt ?? '') < addedAt) ? 'new' : 'old';
}

/** What becomes of the program once this key is retired, said before it is. */
export function whatRetiringMeans(keys: readonly ServiceKey[], key: ServiceKey): string {
  const left = keys.filter(({ kid, state }) => state === 'live' && kid !== key.kid);
  const always = 'What was obtained with it ends within two seconds. It is never good again.';
  if (left.length === 0) return `${always} No other key is good: the program gets no token then.`;
  // The older key got its end when the newer one was added, and keeps it.
  const ends = left.flatMap(({ retireAfter }) => retireAfter ?? []).toSorted();
  if (ends.length < left.length) return always;
  const { clock, day } = momentOf(ends.at(-1) ?? '');
  return `${always} The key that is left ends on ${day} at ${clock}: no key is good then.`;
}
