import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps, ColleagueFacts } from '../../context.ts';
import type { BreakGlassRow } from '../store/break-glass-tables.ts';

/**
 * Whether an opening may still count: the session in which it was given was not taken away, who gave it
 * works here in a role that opens, and the session of who asked goes on. What is not known does not count (P7).
 */
export async function openingStands(deps: ApprovalsDeps, row: BreakGlassRow): Promise<boolean> {
  return (await openerStands(deps, row)) && (await sessionsStand(deps, row));
}

/** {@link mayStillOpen}, of whoever opened it, as they are now. */
export async function openerStands(deps: ApprovalsDeps, row: BreakGlassRow): Promise<boolean> {
  if (row.opened_by === null) return false;
  // Written by this module from a caller's own id.
  return mayStillOpen(await deps.staffOf(row.opened_by as Id<'stf'>), row);
}

/**
 * Whoever opens is a security administrator, or a supervisor of the desk. Who left, changed desk or lost
 * the role takes along what they opened.
 */
export function mayStillOpen(opener: ColleagueFacts | undefined, row: BreakGlassRow): boolean {
  if (!opener) return false;
  if (opener.roles.includes('security-admin')) return true;
  return opener.roles.includes('supervisor') && opener.desk === row.desk;
}

async function sessionsStand(deps: ApprovalsDeps, row: BreakGlassRow): Promise<boolean> {
  if (row.opened_in_session === null) return false;
  // Written by this module from callers' own ids.
  const openedIn = row.opened_in_session as Id<'ses'>;
  // The same.
  const requestedIn = row.requested_in_session as Id<'ses'>;
  if (await deps.wasRevoked(openedIn)) return false;
  return deps.breakGlass.sessionLives(requestedIn);
}
