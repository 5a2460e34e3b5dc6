import { ProblemError } from '@proofline/protocol';

type Settle = (index: number) => void;

/** Those who wait until their entry is under a signed checkpoint. */
export interface Waiters {
  /** @throws ProblemError `evidence.unavailable` after the limit. */
  waitFor(evidenceId: string): Promise<number>;
  /** Ids that somebody waits for. */
  ids(): string[];
  settle(evidenceId: string, index: number): void;
  /** Nobody waits in vain when the sequencer ends. */
  refuseAll(reason: string): void;
}

/** @see Waiters */
export function createWaiters(limitMs: number): Waiters {
  const waiting = new Map<string, Set<{ settle: Settle; refuse(reason: string): void }>>();
  return {
    waitFor(evidenceId) {
      const { promise, resolve, reject } = Promise.withResolvers<number>();
      const refuse = (reason: string) =>
        reject(new ProblemError('evidence.unavailable', { internal: reason }));
      const timer = setTimeout(() => refuse('not sequenced within the limit'), limitMs);
      const waiter = { settle: resolve, refuse };
      const others = waiting.get(evidenceId) ?? new Set();
      waiting.set(evidenceId, others.add(waiter));
      return promise.finally(() => {
        clearTimeout(timer);
        others.delete(waiter);
        if (others.size === 0) waiting.delete(evidenceId);
      });
    },
    ids: () => [...waiting.keys()],
    settle(evidenceId, index) {
      for (const { settle } of waiting.get(evidenceId) ?? []) settle(index);
    },
    refuseAll(reason) {
      for (const waiters of waiting.values()) for (const { refuse } of waiters) refuse(reason);
    },
  };
}
