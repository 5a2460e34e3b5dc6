import { isId, type Id } from '@proofline/kernel';
import { ProblemError, type ApprovalContent } from '@proofline/protocol';
import { z } from 'zod';
import type { Actor, ApprovalsDeps } from '../context.ts';

/** What is read of the facts about the call. */
const OwnCall = z.object({ assignedToSubject: z.boolean(), state: z.string() });

/** That somebody may ask for approvals on a call. */
export interface CallPermit {
  readonly evidenceId: Id<'evt'>;
  /** Who had proved themselves on it. */
  readonly customer: string | undefined;
}

/**
 * The route's own permit is for asking at all; this one is for that very call. Somebody else's call
 * and no call at all are one refusal, by the policies (P9).
 */
export async function requireOwnCall(
  deps: ApprovalsDeps,
  { actor, content }: { readonly actor: Actor; readonly content: ApprovalContent },
): Promise<CallPermit> {
  try {
    const { decisionId, evidenceId } = await deps.decisions.require({
      subject: { type: 'Staff', id: actor.subjectId },
      sessionId: actor.sessionId,
      action: 'approval:request',
      resource: { type: 'Interaction', id: content.interactionId },
    });
    const made = await deps.decisions.findDecision(decisionId);
    return { evidenceId, customer: made?.subjects['customer'] };
  } catch (error) {
    if (error instanceof ProblemError && (await wasOwnEndedCall(deps, error))) {
      throw new ProblemError('interaction.ended', error.details);
    }
    throw error;
  }
}

/** Whether a refusal rested on the caller's own call having ended. */
async function wasOwnEndedCall(deps: ApprovalsDeps, { details }: ProblemError): Promise<boolean> {
  const { decisionId } = details;
  const made = isId('dec', decisionId) ? await deps.decisions.findDecision(decisionId) : undefined;
  const call = OwnCall.safeParse(made?.facts['interaction']);
  return call.success && call.data.assignedToSubject && call.data.state === 'ended';
}
