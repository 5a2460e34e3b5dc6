import { ProblemError } from '@proofline/protocol';
import type { Receipt } from '../types.ts';

/** An entry that is under a published checkpoint. */
export interface Placed {
  readonly index: number;
  /** Made when somebody asks: most who wait need no proof. */
  receipt(): Receipt | Promise<Receipt>;
}

/** Those who wait until their entry is under a signed checkpoint. */
export interface Waiters {
  /** @throws ProblemError `evidence.unavailable` after the limit. */
  waitFor(evidenceId: string): Promise<Placed>;
  /** Ids that somebody waits for. */
  ids(): string[];
  settle(evidenceId: string, placed: Placed): void;
  /** Nobody waits in vain when the sequencer ends. */
  refuseAll(reason: string): void;
}

/** @see Waiters */
export function createWaiters(limitMs: number): Waiters {
  const waiting = new Map<
    string,
    Set<{ settle: (placed: Placed) => void; refuse(reason: string): void }>
  >();
  return {
    waitFor(evidenceId) {
      const { promise, resolve, reject } = Promise.withResolvers<Placed>();
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
    settle(evidenceId, placed) {
      for (const { settle } of waiting.get(evidenceId) ?? []) settle(placed);
    },
    refuseAll(reason) {
      for (const waiters of waiting.values()) for (const { refuse } of waiters) refuse(reason);
    },
  };
}
