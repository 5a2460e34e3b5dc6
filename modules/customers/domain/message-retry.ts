const RETRY_FIRST_MS = 2_000;
const RETRY_MAX_MS = 60_000;

/**
 * When to try again: 2 s after the first failure, doubling, at most a minute apart. The time of
 * the lease too: a process that dies in the middle of an attempt loses no message.
 */
export function nextAttemptMs(nowMs: number, attempts: number): number {
  return nowMs + Math.min(RETRY_FIRST_MS * 2 ** Math.min(attempts, 10), RETRY_MAX_MS);
}
