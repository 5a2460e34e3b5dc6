import type { AnswerContext, Decision, RequestableDenial } from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import type { DecisionInput } from '../types.ts';
import type { ApprovalReview } from './access-request-desk.ts';

/** What an answer says of an approval that was brought along (ARAP, re-evaluation). */
export type ReviewedApproval = Pick<AnswerContext, 'reason' | 'next_action' | 'approval'>;

const reasons = {
  over: 'approval_expired',
  'out-of-scope': 'out_of_scope',
  unknown: 'approval_unverifiable',
  // It counted, and something else was missing: the answer's own reason says what.
  applies: undefined,
  carried: undefined,
} as const satisfies Record<ApprovalReview['standing'], AnswerContext['reason']>;

/**
 * How the approval that came with a question stood, for whoever brought it: `undefined` when none
 * came. A permit that did not need it says nothing of it.
 */
export async function reviewApproval(
  context: DecisionsContext,
  input: DecisionInput,
  made: { readonly decision: Decision; readonly offered: RequestableDenial | undefined },
): Promise<ReviewedApproval | undefined> {
  const approvalId = input.request?.approvalId;
  if (approvalId === undefined) return undefined;
  const { decisionId, effect } = made.decision;
  const review = (await context.accessRequests()?.review({ approvalId, input, decisionId })) ?? {
    standing: 'unknown',
  };
  if (effect === 'permit') {
    const { standing, approvedUntil } = review;
    return standing === 'carried' && approvedUntil
      ? { approval: { id: approvalId, approved_until: approvedUntil.toISOString() } }
      : undefined;
  }
  const reason = reasons[review.standing];
  // The profile: nothing is asked for anew without a denial that can be.
  const mayAskAnew = made.offered !== undefined && review.standing !== 'unknown';
  return { ...(reason && { reason }), next_action: mayAskAnew ? 'request' : 'none' };
}
