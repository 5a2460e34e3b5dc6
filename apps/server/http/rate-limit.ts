import type { Clock } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';

/** Counts calls per key in fixed windows, in bounded memory. */
export interface RateLimit {
  /**
   * Answers how to take this call off the count again, for as long as the window lasts.
   *
   * @throws ProblemError `request.too-many`
   */
  check(key: string): () => void;
  /** Whether the next call of this key would be one too many. Counts nothing. */
  isSpent(key: string): boolean;
}

/** `callsMax` calls per key and window; at most `keysMax` keys are remembered. */
export function createRateLimit(options: {
  readonly clock: Clock;
  readonly callsMax: number;
  readonly windowMs: number;
  readonly keysMax: number;
  /** What happens to a key that is new when the table is full; it waits, unless said otherwise. */
  readonly whenFull?: 'wait' | 'pass';
}): RateLimit {
  let windowStart = 0;
  const counts = new Map<string, number>();
  const beginWindow = () => {
    const start = Math.floor(options.clock.now() / options.windowMs);
    if (start === windowStart) return;
    windowStart = start;
    counts.clear();
  };
  return {
    isSpent(key) {
      beginWindow();
      return (counts.get(key) ?? 0) >= options.callsMax;
    },
    check(key) {
      beginWindow();
      const count = (counts.get(key) ?? 0) + 1;
      if (count === 1 && counts.size >= options.keysMax) {
        // Memory stays bounded either way.
        if (options.whenFull === 'pass') return () => undefined;
        throw new ProblemError('request.too-many');
      }
      if (count > options.callsMax) throw new ProblemError('request.too-many');
      counts.set(key, count);
      const counted = windowStart;
      return () => {
        if (windowStart === counted) counts.set(key, (counts.get(key) ?? 1) - 1);
      };
    },
  };
}
