import { EARLY_MS, INTERVAL_MAX_SECONDS, SLOWER_SECONDS } from './limits.ts';

/** How an application asks for its answer. */
export interface Pace {
  readonly intervalSeconds: number;
  readonly polledAt: Date | undefined;
}

/** What a question at this moment makes of it. */
export function paceAfter(
  { intervalSeconds, polledAt }: Pace,
  nowMs: number,
): { readonly isTooSoon: boolean; readonly intervalSeconds: number } {
  const waitedMs = polledAt === undefined ? Infinity : nowMs - polledAt.getTime();
  const isTooSoon = waitedMs < intervalSeconds * 1000 - EARLY_MS;
  const slower = Math.min(intervalSeconds + SLOWER_SECONDS, INTERVAL_MAX_SECONDS);
  return { isTooSoon, intervalSeconds: isTooSoon ? slower : intervalSeconds };
}
