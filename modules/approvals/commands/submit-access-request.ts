import type { AccessRequestInput, AccessTaskState } from '@proofline/decisions';
import { isId, newId, type Id } from '@proofline/kernel';
import { Action, ApprovalContent, ProblemError } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { contentDigest } from '../domain/content-digest.ts';
import { findAccessRequest, insertAccessRequest } from '../store/access-request-rows.ts';
import type { AccessRequestRow } from '../store/tables.ts';
import { findTask } from './find-task.ts';
import { openApproval, requireReadable } from './open-approval.ts';
import { requireOwnCall } from './require-own-call.ts';

/** Somebody was faster with the same denial or the same key. */
class SubmittedMeanwhile extends Error {}

/**
 * Opens the approval that an enforcement point asks for in the place of whom it has denied (AuthZEN
 * Access Request and Approval profile, submission). One denial opens one task, of one service.
 *
 * @throws ProblemError `access-request.not-requestable`, `.invalid-binding`, `.duplicate`,
 *   `request.too-large`, `request.too-many`
 */
export async function submitAccessRequest(
  deps: ApprovalsDeps,
  input: AccessRequestInput,
): Promise<AccessTaskState> {
  const known = await findSubmitted(deps, input);
  if (known) return taskOf(deps, known);
  const content = contentOf(input);
  requireReadable(content);
  const actor = actorOf(input);
  const { evidenceId } = await requireOwnCall(deps, { actor, content }).catch(notRequestable);
  const taskId = newId('arq', deps);
  try {
    await openApproval(deps, {
      actor,
      content,
      note: toldBy(input),
      via: input.by.serviceId,
      causes: [evidenceId, input.by.evidenceId, input.denial.evidenceId],
      alongside: async (tx, { approval_id }) => {
        const row = rowOf(deps, input, { task_id: taskId, approval_id });
        if (!(await insertAccessRequest(tx, row))) throw new SubmittedMeanwhile();
      },
    });
  } catch (error) {
    const faster = error instanceof SubmittedMeanwhile && (await findSubmitted(deps, input));
    if (!faster) throw error;
    return taskOf(deps, faster);
  }
  return taskOf(deps, { task_id: taskId, service_id: input.by.serviceId });
}

/** Whoever approves must see that a system asked, and that these are not the agent's words. */
function toldBy({ by: { serviceId }, content: { justification } }: AccessRequestInput): string {
  const asked = `Asked for by the system ‘${serviceId}’`;
  return justification === undefined ? `${asked}.` : `${asked}: ${justification}`;
}

/** What this key, or this denial, has opened before. */
async function findSubmitted(
  { storage: { db }, tenant }: ApprovalsDeps,
  { by: { serviceId }, idempotencyKey, submissionDigest, denial }: AccessRequestInput,
): Promise<AccessRequestRow | undefined> {
  if (idempotencyKey !== undefined) {
    const same = await findAccessRequest(db, tenant, { serviceId, idempotencyKey });
    if (same && same.submission_digest !== submissionDigest) {
      throw new ProblemError('access-request.duplicate');
    }
    if (same) return same;
  }
  const { evaluationId } = denial;
  const used = await findAccessRequest(db, tenant, { evaluationId });
  // A token is for one request of one enforcement point, whoever else may have come by it.
  if (used && used.service_id !== serviceId)
    throw new ProblemError('access-request.invalid-binding');
  return used;
}

/** The content that somebody will look at, when it is exactly what was denied. */
function contentOf({ action, resource, content, contentDigest: denied }: AccessRequestInput) {
  const known = Action.safeParse(action);
  // No action of the contract, so no content that an approval could be of.
  if (!known.success) throw new ProblemError('access-request.not-requestable');
  const { interactionId, body } = content;
  const exact = ApprovalContent.parse({ interactionId, action: known.data, resource, body });
  if (contentDigest(exact) !== denied) throw new ProblemError('access-request.invalid-binding');
  return exact;
}

/** Approvals are for colleagues in a session. */
function actorOf({ subject, sessionId }: AccessRequestInput): Actor {
  if (subject.type !== 'Staff' || !isId('stf', subject.id) || sessionId === undefined) {
    throw new ProblemError('access-request.not-requestable');
  }
  return { subjectId: subject.id, sessionId };
}

/** Whose call it is, and whether there is one, is not told (P9). */
function notRequestable(error: unknown): never {
  const isRefusal =
    error instanceof ProblemError &&
    ['access.denied', 'access.step-up', 'interaction.ended'].includes(error.code);
  if (!isRefusal) throw error;
  const { decisionId } = error.details;
  throw new ProblemError('access-request.not-requestable', {
    ...(decisionId !== undefined && { decisionId }),
  });
}

function rowOf(
  { tenant, clock }: ApprovalsDeps,
  { by, denial, idempotencyKey, submissionDigest }: AccessRequestInput,
  ids: Pick<AccessRequestRow, 'task_id' | 'approval_id'>,
): AccessRequestRow {
  return {
    tenant,
    ...ids,
    service_id: by.serviceId,
    evaluation_id: denial.evaluationId,
    idempotency_key: idempotencyKey ?? null,
    submission_digest: submissionDigest,
    submitted_at: new Date(clock.now()),
  };
}

async function taskOf(
  deps: ApprovalsDeps,
  { task_id, service_id }: Pick<AccessRequestRow, 'task_id' | 'service_id'>,
): Promise<AccessTaskState> {
  // Minted by this module.
  const taskId = task_id as Id<'arq'>;
  const task = await findTask(deps, { taskId, serviceId: service_id });
  // It was written, or read, a moment ago, and no task is ever taken away.
  if (!task) throw new Error('an access request has gone');
  return task;
}
