import { systemClock } from '@proofline/kernel';

let skewMs = 0;

/**
 * Takes the server's time from a response's Date header: a phone's own clock may be minutes off,
 * and a countdown must not be. The header is cut to whole seconds, hence half a second is added.
 */
export function learnServerTime(dateHeader: string | null): void {
  const serverMs = Date.parse(dateHeader ?? '');
  if (Number.isFinite(serverMs)) skewMs = serverMs + 500 - systemClock.now();
}

/** Now, by the server's clock. */
export function nowMs(): number {
  return systemClock.now() + skewMs;
}

/** Whole seconds until then, never below zero. */
export function secondsUntil(isoTime: string): number {
  return Math.max(0, Math.round((Date.parse(isoTime) - nowMs()) / 1000));
}
