import { ProblemError } from '@proofline/protocol';
import type { Witnessed } from './types.ts';

/** The newest checkpoint with a quorum that this process knows, and those who wait for one. */
export interface NewestWitnessed {
  current(): Witnessed | undefined;
  /** One has its quorum now. An older one than the newest changes nothing. */
  settle(witnessed: Witnessed): void;
  isAwaited(): boolean;
  /** @throws ProblemError `evidence.unwitnessed` after the limit. */
  waitFor(index: number, limitMs: number): Promise<Witnessed>;
}

/** @see NewestWitnessed */
export function createNewestWitnessed(): NewestWitnessed {
  const waiting = new Set<(witnessed: Witnessed) => void>();
  let newest: Witnessed | undefined;
  return {
    current: () => newest,
    settle(witnessed) {
      if (witnessed.size < (newest?.size ?? 0)) return;
      newest = witnessed;
      for (const tell of waiting) tell(witnessed);
    },
    isAwaited: () => waiting.size > 0,
    waitFor(index, limitMs) {
      if (newest && newest.size > index) return Promise.resolve(newest);
      const { promise, resolve, reject } = Promise.withResolvers<Witnessed>();
      const tell = (witnessed: Witnessed) => {
        if (witnessed.size > index) resolve(witnessed);
      };
      waiting.add(tell);
      const late = setTimeout(() => reject(new ProblemError('evidence.unwitnessed')), limitMs);
      return promise.finally(() => {
        clearTimeout(late);
        waiting.delete(tell);
      });
    },
  };
}
