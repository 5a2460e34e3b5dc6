/** Runs work one after the other, in the order of the calls; `busy` when too many wait. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T | 'busy'>;

/** @see Queue */
export function oneAtATime(waitingMax: number): Queue {
  let last: Promise<unknown> = Promise.resolve();
  let waiting = 0;
  return async (work) => {
    if (waiting >= waitingMax) return 'busy';
    waiting += 1;
    const mine = last.then(work).finally(() => {
      waiting -= 1;
    });
    // What failed is its own caller’s; the next one’s turn comes all the same.
    last = mine.catch(() => undefined);
    return mine;
  };
}
