import type { Id } from '@proofline/kernel';
import { WINDOW_MS } from './limits.ts';

/** As far back as the limits of messages look. */
export const DAY_MS = 24 * 3_600_000;
/** Messages in a day because of one application, to one customer. */
const TOLD_BY_ONE_MAX = 6;
/** Messages in a day because of all applications together, to one customer. */
const TOLD_BY_ALL_MAX = 10;

/** A message that went to a customer’s contact on file because an application asked. */
export interface Told {
  readonly applicationId: Id<'app'>;
  readonly atMs: number;
  readonly isAnswered: boolean;
}

/**
 * Whether a customer is told of a request that they are shown. Who may ask often must not flood a telephone, or a
 * notice of a recovery stands among hundreds and is not read. What is not told stands on the page all the same.
 */
export function mayBeTold(
  told: readonly Told[],
  { applicationId, nowMs }: { readonly applicationId: Id<'app'>; readonly nowMs: number },
): boolean {
  const day = told.filter(({ atMs }) => atMs > nowMs - DAY_MS);
  const waits = day.some(({ atMs, isAnswered }) => !isAnswered && atMs > nowMs - WINDOW_MS);
  const ofThis = day.filter((one) => one.applicationId === applicationId);
  return !waits && ofThis.length < TOLD_BY_ONE_MAX && day.length < TOLD_BY_ALL_MAX;
}
