import type { Approval, Role } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { listApprovals as listRows } from '../store/approval-rows.ts';
import { describeApprovals } from './describe-approval.ts';

/** An agent's own requests; for a supervisor also those of their desk. */
export async function listApprovals(
  deps: ApprovalsDeps,
  wanted: {
    readonly actor: Actor;
    readonly roles: readonly Role[];
    readonly state: Approval['state'] | undefined;
  },
): Promise<Approval[]> {
  const staff = await deps.staffOf(wanted.actor.subjectId);
  const rows = await listRows(deps.storage.db, deps.tenant, {
    requestedBy: wanted.actor.subjectId,
    desk: wanted.roles.includes('supervisor') ? staff?.desk : undefined,
    state: wanted.state,
    at: new Date(deps.clock.now()),
  });
  const described = await describeApprovals(deps, rows);
  return described.filter(({ state }) => wanted.state === undefined || state === wanted.state);
}
