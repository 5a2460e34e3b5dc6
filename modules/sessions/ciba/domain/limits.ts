/** Seconds between two questions of an application for the answer (CIBA Core §7.3). */
export const INTERVAL_SECONDS = 5;
/** Each question that comes too soon adds so many (CIBA Core §11). */
export const SLOWER_SECONDS = 5;
export const INTERVAL_MAX_SECONDS = 60;
/** A clock ticks otherwise over there: who waits as long as was said is not too soon. */
export const EARLY_MS = 500;

/** How long a request waits for its answer unless it asks otherwise, and at most. */
export const EXPIRES_SECONDS = 180;
export const EXPIRES_MAX_SECONDS = 300;

/** What an application may have waiting with a person, and ask in a while (fatigue). */
export const WINDOW_MS = 10 * 60_000;
/** Of one application, to one person. */
export const OF_ONE_MAX = 5;
/** Of all applications together, to one person. */
export const OF_ALL_MAX = 12;
/** Of one application, to whomever, in a minute. */
export const PER_MINUTE_MAX = 30;

/** For how long the person is shown a request, of what it asks. */
export function expiresSeconds(requested: unknown): number {
  const seconds = requested === undefined ? EXPIRES_SECONDS : Number(requested);
  return Math.min(seconds, EXPIRES_MAX_SECONDS);
}
