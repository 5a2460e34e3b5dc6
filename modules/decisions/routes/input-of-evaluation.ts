import { isId } from '@proofline/kernel';
import { Action, ProblemError, type evaluate } from '@proofline/protocol';
import type { z } from 'zod';
import type { DecisionInput } from '../types.ts';

type Evaluation = z.output<typeof evaluate.body>;

/**
 * An AuthZEN evaluation (§6.1) → our question. `properties` are not read: what is known about a
 * subject or a resource comes from its owner, not from who asks.
 *
 * @throws ProblemError `request.malformed` for a subject or an action that there is not.
 */
export function inputOfEvaluation({
  subject,
  action,
  resource,
  context,
}: Evaluation): DecisionInput {
  const name = Action.safeParse(action.name);
  if (!name.success) throw new ProblemError('request.malformed', { detail: 'action.name' });
  const request = {
    ...(context?.amount_cents !== undefined && { amountCents: context.amount_cents }),
    ...(context?.reason_code !== undefined && { reasonCode: context.reason_code }),
    ...(context?.content_digest !== undefined && { contentDigest: context.content_digest }),
  };
  return {
    subject: subjectOf(subject),
    action: name.data,
    resource: { type: resource.type, id: resource.id },
    ...(context?.session_id && { sessionId: context.session_id }),
    ...(context?.grant_id && { grantId: context.grant_id }),
    request,
  };
}

function subjectOf({ type, id }: Evaluation['subject']): DecisionInput['subject'] {
  if (type === 'Staff' && isId('stf', id)) return { type, id };
  if (type === 'Service' && isId('svc', id)) return { type, id };
  throw new ProblemError('request.malformed', { detail: 'subject' });
}
