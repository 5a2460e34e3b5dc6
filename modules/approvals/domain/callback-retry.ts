const FIRST_MS = 2_000;
const LONGEST_MS = 10 * 60_000;

/** Nobody who was not there for so long waits to be told. */
export const CALLBACK_ATTEMPTS_MAX = 12;

/**
 * When to try again after so many attempts: 2 s after the first, doubling, at most ten minutes apart;
 * an hour in all. The time of the lease too: a process that dies in an attempt loses no callback.
 */
export function nextCallbackMs(nowMs: number, attempts: number): number {
  return nowMs + Math.min(FIRST_MS * 2 ** Math.min(attempts, 12), LONGEST_MS);
}
