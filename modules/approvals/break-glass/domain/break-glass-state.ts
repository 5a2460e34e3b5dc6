import {
  breakGlassLimits,
  type BreakGlassEnd,
  type BreakGlassState,
  type BreakGlassVerdict,
} from '@proofline/protocol';

const WAITS_MS = breakGlassLimits.waitsMinutes * 60_000;
const OPEN_MAX_MS = breakGlassLimits.minutesMax * 60_000;
/** Two servers’ clocks are never quite the same. */
const SKEW_MAX_MS = 5_000;

/** What of an emergency access its state depends on. */
export interface BreakGlassCourse {
  readonly requestedAt: Date;
  readonly minutes: number;
  readonly declinedAt: Date | null;
  readonly openedAt: Date | null;
  readonly endedAt: Date | null;
  readonly endedBecause: BreakGlassEnd | null;
  readonly escalatedAt: Date | null;
  readonly verdict: BreakGlassVerdict | null;
  /** The latest time that any server saw while it was open; only ever forward. */
  readonly seenAt: Date | null;
}

/** When it ends by itself; never more than 60 minutes after the opening, whatever the row says. */
export function endsAtOf({ openedAt, minutes }: BreakGlassCourse): Date | undefined {
  if (!openedAt) return undefined;
  return new Date(openedAt.getTime() + Math.min(minutes * 60_000, OPEN_MAX_MS));
}

/**
 * Why it is over though nobody ended it: its time is up, or the clock stands before a time that was seen
 * already. A clock that goes back would give time that nobody opened (P7).
 */
export function whyOver(course: BreakGlassCourse, nowMs: number): BreakGlassEnd | undefined {
  const endsAt = endsAtOf(course);
  if (!endsAt || !course.openedAt) return undefined;
  if (endsAt.getTime() <= nowMs) return 'time';
  const seenMs = Math.max(course.openedAt.getTime(), course.seenAt?.getTime() ?? 0);
  // Whoever saw a later time saw its end, too.
  if (endsAt.getTime() <= seenMs) return 'time';
  return nowMs < seenMs - SKEW_MAX_MS ? 'clock' : undefined;
}

/** Where an emergency access stands at a moment. */
export function breakGlassStateAt(course: BreakGlassCourse, nowMs: number): BreakGlassState {
  if (course.verdict) return 'reviewed';
  if (course.declinedAt) return 'declined';
  if (!course.openedAt) return isLapsed(course, nowMs) ? 'lapsed' : 'waiting';
  if (!course.endedAt && whyOver(course, nowMs) === undefined) return 'open';
  return course.escalatedAt ? 'overdue' : 'ended';
}

function isLapsed({ requestedAt }: BreakGlassCourse, nowMs: number): boolean {
  const age = nowMs - requestedAt.getTime();
  return age >= WAITS_MS || age < -SKEW_MAX_MS;
}

/** When somebody must have judged it; `undefined` until it has ended. */
export function reviewDueAt(course: BreakGlassCourse, reviewHours: number): Date | undefined {
  const ended = course.endedAt;
  return ended ? new Date(ended.getTime() + reviewHours * 3_600_000) : undefined;
}
