import type { Result } from './result.ts';

/** How calls are put together. */
export interface CallGroups<T, R> {
  /**
   * Does the work of several calls, and answers one outcome for each, in their order. Where it
   * throws, all of them have failed with that.
   */
  readonly work: (items: readonly T[]) => Promise<readonly Result<R, unknown>[]>;
  /** How much one call weighs. Default 1. */
  readonly weigh?: (item: T) => number;
  /** Weight at which a group is full. A call that is heavier goes alone. */
  readonly groupMax: number;
  /** Weight of the calls that may wait; what comes on top of them is refused. */
  readonly waitingMax: number;
  /** Groups that are worked at side by side. */
  readonly atOnceMax: number;
  /** What a call is refused with when too many wait. */
  readonly full: () => Error;
}

/**
 * Puts calls together that come while others are worked at: a transaction, a statement or a flush to
 * the disk then serves all of them. Nobody waits for company: a call that finds nothing under way is
 * worked at at once, and one that waits does so for the groups before it only.
 *
 * One call that fails takes no other with it as long as `work` tells their outcomes apart.
 */
export function groupCalls<T, R>(options: CallGroups<T, R>): (item: T) => Promise<R> {
  const { work, groupMax, waitingMax, atOnceMax, full } = options;
  const weigh = options.weigh ?? (() => 1);
  const waiting: Waiting<T, R>[] = [];
  let waitingWeight = 0;
  let underWay = 0;

  const take = (): Waiting<T, R>[] => {
    let weight = 0;
    const end = waiting.findIndex((one) => {
      weight += one.weight;
      return weight > groupMax;
    });
    // The first one goes in any case.
    const group = waiting.splice(0, end === -1 ? waiting.length : Math.max(1, end));
    waitingWeight -= group.reduce((sum, one) => sum + one.weight, 0);
    return group;
  };
  const run = async () => {
    while (waiting.length > 0) await settle(take(), work);
    underWay -= 1;
  };
  return (item) => {
    const weight = weigh(item);
    // An empty line takes anything: what is heavier than the bound would else never be worked at.
    if (waitingWeight > 0 && waitingWeight + weight > waitingMax) return Promise.reject(full());
    const { promise, resolve, reject } = Promise.withResolvers<R>();
    waiting.push({ item, weight, resolve, reject });
    waitingWeight += weight;
    if (underWay < atOnceMax) {
      underWay += 1;
      // After this turn of the queue: calls that come at the same moment go together.
      queueMicrotask(() => void run());
    }
    return promise;
  };
}

interface Waiting<T, R> {
  readonly item: T;
  readonly weight: number;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

async function settle<T, R>(
  group: readonly Waiting<T, R>[],
  work: CallGroups<T, R>['work'],
): Promise<void> {
  try {
    const outcomes = await work(group.map(({ item }) => item));
    for (const [index, { resolve, reject }] of group.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok) resolve(outcome.value);
      else reject(outcome ? outcome.error : new Error('a call of a group has no outcome'));
    }
  } catch (error) {
    for (const { reject } of group) reject(error);
  }
}
