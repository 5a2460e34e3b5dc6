import type { Id } from '@proofline/kernel';
import type { ApprovalsDeps } from '../context.ts';
import { verdictStands } from '../facts/verdict-stands.ts';
import { listUnusedOfSession } from '../store/approval-rows.ts';
import { tellChanged } from './tell-changed.ts';

/**
 * Tells those concerned of each approval that ended with the session in which it was given, so that
 * nobody goes on with one that no longer counts. A session that was signed out took none along.
 */
export async function tellRevoked(deps: ApprovalsDeps, sessionId: Id<'ses'>): Promise<void> {
  const at = new Date(deps.clock.now());
  const given = await listUnusedOfSession(deps.storage.db, deps.tenant, { sessionId, at });
  for (const row of given) if (!(await verdictStands(deps, row))) tellChanged(deps, row);
}
