import type { Clock } from '@proofline/kernel';

/** Remembers proofs for as long as they could be used again (RFC 9449 §11.1). */
export interface ReplayStore {
  /**
   * Remembers `key` until `expiresAtMs`.
   *
   * `seen`: it was remembered already. `full`: there is no room, so that nothing can be promised
   * about it; the caller refuses both.
   */
  remember(key: string, expiresAtMs: number): Promise<'fresh' | 'seen' | 'full'>;
}

/**
 * A replay store in this process' memory, for one enforcement point with one process.
 *
 * It holds at most `entriesMax` live proofs and then refuses new ones: to forget a live proof in
 * order to make room would let it be used again.
 */
export function createMemoryReplayStore(entriesMax: number, clock: Clock): ReplayStore {
  const expiries = new Map<string, number>();
  let nextSweepMs = 0;
  return {
    async remember(key, expiresAtMs) {
      const nowMs = clock.now();
      if (nowMs >= nextSweepMs || expiries.size >= entriesMax) {
        for (const [known, expiryMs] of expiries) if (expiryMs <= nowMs) expiries.delete(known);
        nextSweepMs = nowMs + 10_000;
      }
      if (expiries.has(key)) return 'seen';
      if (expiries.size >= entriesMax) return 'full';
      expiries.set(key, expiresAtMs);
      return 'fresh';
    },
  };
}
