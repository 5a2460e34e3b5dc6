import { limits } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';

/** How much unproved work is done at once, from all addresses and from one, and how much may wait. */
export type TurnBounds = Readonly<
  Record<'turnsMax' | 'turnsPerAddressMax' | 'turnsAwaitedPerAddressMax', number>
>;

/** Work for callers of whom nothing is known yet, done a little at a time. */
export interface Turns {
  /** @throws ProblemError `server.busy` when too much waits for this address already */
  take<T>(address: string, work: () => Promise<T>): Promise<T>;
}

/**
 * The database answers in the order in which it is asked: whatever a crowd of strangers may ask at
 * once is what the end of a call or of a session then waits behind, query after query. So strangers
 * ask a few at a time, one address after the other, and who is known does not stand in this line.
 */
export function createTurns(bounds: TurnBounds = limits): Turns {
  const running = new Map<string, number>();
  // A Map keeps the order in which its keys came: the first address is the next one's turn.
  const waiting = new Map<string, (() => void)[]>();
  let atWork = 0;
  const isFree = (address: string) => (running.get(address) ?? 0) < bounds.turnsPerAddressMax;
  const callNext = () => {
    if (atWork >= bounds.turnsMax) return;
    const address = [...waiting.keys()].find(isFree);
    const queue = address === undefined ? undefined : waiting.get(address);
    if (address === undefined || queue === undefined) return;
    const start = queue.shift();
    waiting.delete(address);
    if (queue.length > 0) waiting.set(address, queue);
    atWork += 1;
    running.set(address, (running.get(address) ?? 0) + 1);
    start?.();
  };
  const leave = (address: string) => {
    atWork -= 1;
    const rest = (running.get(address) ?? 1) - 1;
    if (rest === 0) running.delete(address);
    else running.set(address, rest);
    callNext();
  };
  return {
    async take(address, work) {
      const queue = waiting.get(address) ?? [];
      if (queue.length >= bounds.turnsAwaitedPerAddressMax) throw new ProblemError('server.busy');
      await new Promise<void>((resolve) => {
        queue.push(resolve);
        waiting.set(address, queue);
        callNext();
      });
      try {
        return await work();
      } finally {
        leave(address);
      }
    },
  };
}
