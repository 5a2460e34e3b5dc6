import { groupCalls } from './group-calls.ts';
import { ok } from './result.ts';

const KEYS_MAX = 200;
const WAITING_MAX = 2_000;
const AT_ONCE_MAX = 4;

/**
 * A look-up that finds what is asked for at the same time in one go. Each look begins after it was
 * asked for: nothing is answered that is older than the question. Rejects when too many wait.
 */
export function lookUpTogether<K, V>(
  find: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  return groupCalls<K, V | undefined>({
    async work(keys) {
      const found = await find([...new Set(keys)]);
      return keys.map((key) => ok(found.get(key)));
    },
    groupMax: KEYS_MAX,
    waitingMax: WAITING_MAX,
    atOnceMax: AT_ONCE_MAX,
    full: () => new Error('too many look-ups wait'),
  });
}
