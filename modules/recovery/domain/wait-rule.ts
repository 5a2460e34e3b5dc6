const HOUR_SECONDS = 60 * 60;

/** The shortest and the longest wait between the second proof and the new passkey. */
export const waitBounds = { minSeconds: 24 * HOUR_SECONDS, maxSeconds: 72 * HOUR_SECONDS } as const;

/** How long a recovery waits, and whether this is only shown. */
export interface WaitRule {
  readonly waitSeconds: number;
  /** A demonstration shows in minutes what takes a day: every page says so. */
  readonly isShortened: boolean;
}

/**
 * Refuses a wait under 24 h or over 72 h. A demonstration alone may shorten it, by its own setting.
 *
 * @throws Error when the wait is not one of these.
 */
export function waitRule(wait: WaitRule): WaitRule {
  const { isShortened, waitSeconds } = wait;
  const least = isShortened ? 1 : waitBounds.minSeconds;
  if (!Number.isInteger(waitSeconds) || waitSeconds < least || waitSeconds > waitBounds.maxSeconds)
    throw new Error('a recovery waits from 24 to 72 hours');
  return wait;
}
