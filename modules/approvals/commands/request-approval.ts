import type { Id } from '@proofline/kernel';
import { ProblemError, type Approval, type ApprovalContent } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { contentDigest } from '../domain/content-digest.ts';
import { describeApproval } from './describe-approval.ts';
import { openApprovals, requireReadable } from './open-approval.ts';
import { requireOwnCall } from './require-own-call.ts';

interface Asking {
  readonly actor: Actor;
  readonly content: ApprovalContent;
  readonly note: string | undefined;
  /** Of the denial that this answers; then the request is for exactly what was denied. */
  readonly bindingToken: string | undefined;
}

/**
 * Asks somebody else to approve one exact request. The same content again is the same request.
 *
 * @throws ProblemError `interaction.ended`, `access.denied`, `request.too-large`, `request.too-many`,
 *   `approval.other-request`
 */
export async function requestApproval(deps: ApprovalsDeps, asking: Asking): Promise<Approval> {
  requireReadable(asking.content);
  const { evidenceId, customer } = await requireOwnCall(deps, asking);
  const denial = await requireDenial(deps, asking);
  const { actor, content, note } = asking;
  const wanted = [{ content, note, customer, causes: [evidenceId, ...denial] }];
  const [opened] = await openApprovals(deps, { actor, wanted });
  // One was wanted, one was opened.
  return describeApproval(deps, opened!.row);
}

/**
 * The entry of the denial that a binding token names, when it is of this caller, for this very content,
 * and its time is not over. Without a token there is none, and none is needed.
 */
async function requireDenial(
  deps: ApprovalsDeps,
  { actor, content, bindingToken }: Asking,
): Promise<Id<'evt'>[]> {
  if (bindingToken === undefined) return [];
  const denial = await deps.decisions.readDenial(bindingToken, {
    subject: { type: 'Staff', id: actor.subjectId },
    action: content.action,
    resource: content.resource,
    contentDigest: contentDigest(content),
  });
  const made = denial && (await deps.decisions.findDecision(denial.evaluationId));
  if (!made) throw new ProblemError('approval.other-request');
  return [made.decision.evidenceId];
}
