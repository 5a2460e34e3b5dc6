import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../../context.ts';
import type { BreakGlassRow } from '../store/break-glass-tables.ts';

/**
 * Whether an opening may still count: the session in which it was given was not taken away, who gave it
 * works here, and the session of who asked goes on. What is not known does not count (P7).
 */
export async function openingStands(deps: ApprovalsDeps, row: BreakGlassRow): Promise<boolean> {
  if (row.opened_by === null || row.opened_in_session === null) return false;
  // Written by this module from callers' own ids.
  const openedBy = row.opened_by as Id<'stf'>;
  // The same.
  const openedIn = row.opened_in_session as Id<'ses'>;
  // The same.
  const requestedIn = row.requested_in_session as Id<'ses'>;
  if ((await deps.staffOf(openedBy)) === undefined) return false;
  if (await deps.wasRevoked(openedIn)) return false;
  return deps.breakGlass.sessionLives(requestedIn);
}
