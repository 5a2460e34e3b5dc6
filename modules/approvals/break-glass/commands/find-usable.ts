import type { BreakGlassBasis } from '@proofline/sessions';
import type { ApprovalsDeps } from '../../context.ts';
import { breakGlassStateAt, endsAtOf } from '../domain/break-glass-state.ts';
import { findAccess } from '../store/break-glass-rows.ts';
import { courseOfAccess } from '../store/break-glass-tables.ts';

/** The access, if it is open for this colleague in this session. The policies are asked besides. */
export async function findUsable(
  deps: ApprovalsDeps,
  { breakGlassId, sessionId, subjectId }: Parameters<BreakGlassBasis['find']>[0],
): ReturnType<BreakGlassBasis['find']> {
  const row = await findAccess(deps.storage.db, deps.tenant, breakGlassId);
  if (row?.requested_by !== subjectId || row.requested_in_session !== sessionId) return undefined;
  const course = courseOfAccess(row);
  const endsAt = endsAtOf(course);
  if (!endsAt || breakGlassStateAt(course, deps.clock.now()) !== 'open') return undefined;
  return { accountNumber: row.account_number, endsAtMs: endsAt.getTime() };
}
