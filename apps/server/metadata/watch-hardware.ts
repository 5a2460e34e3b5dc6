import type { Clock } from '@proofline/kernel';
import type { Metadata } from './create-metadata.ts';

const HOUR_MS = 60 * 60 * 1000;

interface Watched {
  readonly metadata: Metadata;
  readonly sweep: () => Promise<unknown>;
  readonly clock: Clock;
}

/**
 * Renews the metadata, and has every kept credential judged anew: when what is said of models changed,
 * when metadata has just become too old to vouch for anybody, and once an hour, since certificates run
 * out. To be called again and again; what it does is decided by the clock.
 */
export function watchHardware({ clock, metadata, sweep }: Watched): () => Promise<void> {
  let sweptMs: number | undefined;
  return async () => {
    const isNewer = await metadata.refresh();
    const nowMs = clock.now();
    const endsMs = metadata.inUse()?.vouchesUntilMs ?? 0;
    const isDue =
      sweptMs === undefined || nowMs - sweptMs >= HOUR_MS || (sweptMs < endsMs && nowMs >= endsMs);
    if (!isNewer && !isDue) return;
    await sweep();
    // Only now: what failed is tried again at the next call.
    sweptMs = nowMs;
  };
}
