import { conditionOf } from '@proofline/decisions';
import { isId, type Id } from '@proofline/kernel';
import {
  BreakGlassUse,
  deskInSight,
  ProblemError,
  type BreakGlass,
  type BreakGlassState,
  type Total,
} from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../../context.ts';
import { breakGlassColumns } from '../store/break-glass-columns.ts';
import { findAccess, listAccesses, listUses } from '../store/break-glass-rows.ts';
import type { BreakGlassUseRow } from '../store/break-glass-tables.ts';
import { describeAccess, describeAccesses } from './describe-access.ts';

/** The emergency accesses that the policies let the caller see; the newest first. */
export async function listBreakGlass(
  deps: ApprovalsDeps,
  { actor, state }: { readonly actor: Actor; readonly state: BreakGlassState | undefined },
): Promise<{ accesses: BreakGlass[]; total: Total }> {
  const { sessionId, subjectId } = actor;
  const staff = await deps.staffOf(subjectId);
  if (!staff) throw new ProblemError('access.denied', { internal: 'the reader is not active' });
  const filter = await deps.decisions.rowsPermitted({
    subject: { type: 'Staff', id: subjectId },
    sessionId,
    action: 'break-glass:list',
    resourceType: 'BreakGlass',
    known: ['staff', 'session'],
    columns: breakGlassColumns({ subjectId, desk: staff.desk }),
  });
  // Auditors judge what every desk did; of everything else they see the evidence.
  const desk = staff.roles.includes('auditor') ? undefined : deskInSight(staff);
  const where = conditionOf(filter);
  const at = new Date(deps.clock.now());
  const { rows, total } = await deps.storage.confined({ subjectId, desk }, (tx) =>
    listAccesses(tx, deps.tenant, { where, state, at }),
  );
  const described = await describeAccesses(deps, rows, subjectId);
  const accesses = described.filter((one) => state === undefined || one.state === state);
  if (accesses.length === rows.length) return { accesses, total };
  return { accesses, total: { count: accesses.length, isExact: total.count === rows.length } };
}

/** One emergency access, and what was read under it. The policies have said that the caller may see it. */
export async function readBreakGlass(
  deps: ApprovalsDeps,
  { actor, breakGlassId }: { readonly actor: Actor; readonly breakGlassId: Id<'bgl'> },
): Promise<{ access: BreakGlass; uses: BreakGlassUse[] }> {
  const row = await findAccess(deps.storage.db, deps.tenant, breakGlassId);
  if (!row) throw new ProblemError('access.denied');
  const uses = await listUses(deps.storage.db, deps.tenant, breakGlassId);
  return {
    access: await describeAccess(deps, row, actor.subjectId),
    uses: await Promise.all(uses.map((use) => describeUse(deps, use))),
  };
}

/** What was permitted is what the decision says, not what anybody remembers. */
async function describeUse(deps: ApprovalsDeps, use: BreakGlassUseRow): Promise<BreakGlassUse> {
  const id = use.decision_id;
  const found = isId('dec', id) ? await deps.decisions.findDecision(id) : undefined;
  const fields = found?.decision.obligations.fields;
  return BreakGlassUse.parse({
    at: use.at.toISOString(),
    action: use.action,
    decisionId: id,
    evidenceId: use.evidence_id,
    ...(fields && { fields }),
  });
}
