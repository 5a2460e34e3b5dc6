import { breakGlassLimits, problems, type BreakGlass } from '@proofline/protocol';
import { momentOf } from '../../format/time.ts';

/** Why nothing can be asked for now, and what comes next. */
export interface Closed {
  readonly title: string;
  readonly next: string;
}

const HOUR_MS = 3_600_000;

/** What the server would refuse of somebody with these accesses of their own, whatever they ask for. */
export function whyClosed(
  own: readonly Pick<BreakGlass, 'requestedAt' | 'state'>[],
  nowMs: number,
): Closed | undefined {
  if (own.some(({ state }) => state === 'waiting' || state === 'open')) {
    const next = 'End it or take it back in the list here; then ask for another.';
    return { title: problems['break-glass.one-at-a-time'].text, next };
  }
  if (own.some(({ state }) => state === 'overdue')) {
    const next = 'An auditor or a security administrator judges it.';
    return { title: problems['break-glass.review-overdue'].text, next };
  }
  const lately = own
    .map(({ requestedAt }) => Date.parse(requestedAt))
    .filter((atMs) => atMs > nowMs - HOUR_MS)
    .toSorted((a, b) => b - a);
  // Once this one is an hour old, there is room for another.
  const oldest = lately[breakGlassLimits.askedPerHourMax - 1];
  if (oldest === undefined) return undefined;
  const { clock } = momentOf(new Date(oldest + HOUR_MS).toISOString());
  return {
    title: problems['break-glass.too-many'].text,
    next: `You can ask again from ${clock} on. A colleague can ask meanwhile.`,
  };
}
