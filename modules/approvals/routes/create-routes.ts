import { CanonicalJsonError } from '@proofline/kernel';
import {
  decideApproval,
  handle,
  listApprovals,
  ProblemError,
  requestApproval,
  withdrawApproval,
  type MountedRoute,
} from '@proofline/protocol';
import { decideApproval as decide } from '../commands/decide-approval.ts';
import { listApprovals as list } from '../commands/list-approvals.ts';
import { requestApproval as request } from '../commands/request-approval.ts';
import { withdrawApproval as withdraw } from '../commands/withdraw-approval.ts';
import type { ApprovalsDeps } from '../context.ts';

/** The module's routes with their handlers. */
export function createRoutes(deps: ApprovalsDeps): MountedRoute[] {
  return [
    handle(requestApproval, async ({ caller, body: { note, bindingToken, ...content } }) => {
      try {
        return await request(deps, { actor: caller, content, note, bindingToken });
      } catch (error) {
        // A text that has no canonical form (a lone surrogate) cannot be approved as it stands.
        if (error instanceof CanonicalJsonError) throw new ProblemError('request.malformed');
        throw error;
      }
    }),
    handle(listApprovals, ({ caller, query }) => list(deps, { actor: caller, state: query.state })),
    handle(withdrawApproval, ({ caller, params, decision }) =>
      withdraw(deps, {
        actor: caller,
        approvalId: params.approvalId,
        decisionEvidenceId: decision.evidenceId,
      }),
    ),
    handle(decideApproval, ({ caller, params, body, decision }) =>
      decide(deps, {
        actor: caller,
        approvalId: params.approvalId,
        ...body,
        decisionEvidenceId: decision.evidenceId,
      }),
    ),
  ];
}
