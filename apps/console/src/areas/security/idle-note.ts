const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What a narrower set is proposed for: with the span that was really looked at. */
export function idleNote(from: string, nowMs: number): string {
  return `Rights that nobody used for ${spanOf(nowMs - Date.parse(from))}`;
}

/** Whether the record begins later than was asked for. */
export function isShorter(
  from: string,
  asked: { readonly days: number; readonly nowMs: number },
): boolean {
  return asked.nowMs - Date.parse(from) < asked.days * DAY_MS - HOUR_MS;
}

function spanOf(spanMs: number): string {
  if (spanMs >= 2 * DAY_MS) return `${Math.round(spanMs / DAY_MS)} days`;
  if (spanMs >= 2 * HOUR_MS) return `${Math.floor(spanMs / HOUR_MS)} hours`;
  const minutes = Math.max(1, Math.floor(spanMs / MINUTE_MS));
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
