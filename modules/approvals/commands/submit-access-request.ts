import type { AccessRequestInput, AccessRequestItem, AccessTaskState } from '@proofline/decisions';
import { isId, newId, type Id } from '@proofline/kernel';
import { Action, ApprovalContent, ProblemError } from '@proofline/protocol';
import type { Actor, ApprovalsDeps } from '../context.ts';
import { contentDigest } from '../domain/content-digest.ts';
import { insertAccessRequest, type StoredTask } from '../store/access-request-rows.ts';
import { insertCallback } from '../store/callback-rows.ts';
import { findSubmitted } from './find-submitted.ts';
import { openApprovals, requireReadable, type Opened } from './open-approval.ts';
import { describeTask, readTask } from './read-task.ts';
import { requireOwnCall, type CallPermit } from './require-own-call.ts';

/** Somebody was faster with one of the denials or the same key. */
class SubmittedMeanwhile extends Error {}

/**
 * Opens the approvals that an enforcement point asks for in the place of whom it has denied (AuthZEN
 * Access Request and Approval profile, submission; Bulk profile). All of them, or none. One denial
 * opens one task, of one service.
 *
 * @throws ProblemError `access-request.not-requestable`, `.invalid-binding`, `.duplicate`,
 *   `.callback-refused`, `request.too-large`, `request.too-many`
 */
export async function submitAccessRequest(
  deps: ApprovalsDeps,
  input: AccessRequestInput,
): Promise<AccessTaskState> {
  const known = await findSubmitted(deps, input);
  if (known) return describeTask(deps, known);
  await requireCallback(deps, input);
  const actor = actorOf(input);
  const contents = input.items.map(contentOf);
  const permits = await requireOwnCalls(deps, { actor, contents });
  const taskId = newId('arq', deps);
  const wanted = input.items.map((item, place) => ({
    // As many as there are items.
    content: contents[place]!,
    note: toldBy(input, item),
    customer: permits[place]!.customer,
    causes: [permits[place]!.evidenceId, input.by.evidenceId, item.denial.evidenceId],
  }));
  try {
    await openApprovals(deps, {
      actor,
      wanted,
      via: input.by.serviceId,
      alongside: async (tx, opened) => {
        const task = taskOf(deps, input, { taskId, opened });
        if (!(await insertAccessRequest(tx, task))) throw new SubmittedMeanwhile();
        const { callback } = input;
        if (callback)
          await insertCallback(tx, callbackOf(task, callback), task.request.submitted_at);
      },
    });
  } catch (error) {
    const faster = error instanceof SubmittedMeanwhile && (await findSubmitted(deps, input));
    if (!faster) throw error;
    return describeTask(deps, faster);
  }
  return readTask(deps, { taskId, serviceId: input.by.serviceId });
}

/** Callback profile: only where this service said before that it listens. */
async function requireCallback(deps: ApprovalsDeps, input: AccessRequestInput): Promise<void> {
  const { callback, by } = input;
  if (!callback) return;
  const { endpoint } = callback;
  if (!(await deps.callbacks.isAllowed({ endpoint, serviceId: by.serviceId }))) {
    throw new ProblemError('access-request.callback-refused');
  }
}

/** Whoever approves must see that a system asked, and that these are not the agent's words. */
function toldBy({ by: { serviceId } }: AccessRequestInput, { content }: AccessRequestItem): string {
  const asked = `Asked for by the system ‘${serviceId}’`;
  return content.justification === undefined ? `${asked}.` : `${asked}: ${content.justification}`;
}

/** The content that somebody will look at, when it is exactly what was denied. */
function contentOf(item: AccessRequestItem): ApprovalContent {
  const known = Action.safeParse(item.action);
  // No action of the contract, so no content that an approval could be of.
  if (!known.success) throw new ProblemError('access-request.not-requestable');
  const { interactionId, body } = item.content;
  const { resource } = item;
  const exact = ApprovalContent.parse({ interactionId, action: known.data, resource, body });
  if (contentDigest(exact) !== item.contentDigest) {
    throw new ProblemError('access-request.invalid-binding');
  }
  requireReadable(exact);
  return exact;
}

/** Approvals are for colleagues in a session. */
function actorOf({ subject, sessionId }: AccessRequestInput): Actor {
  if (subject.type !== 'Staff' || !isId('stf', subject.id) || sessionId === undefined) {
    throw new ProblemError('access-request.not-requestable');
  }
  return { subjectId: subject.id, sessionId };
}

/** The permit to ask for each content; asked once for each call. */
async function requireOwnCalls(
  deps: ApprovalsDeps,
  { actor, contents }: { readonly actor: Actor; readonly contents: readonly ApprovalContent[] },
): Promise<CallPermit[]> {
  const made = new Map<string, CallPermit>();
  const permits: CallPermit[] = [];
  for (const content of contents) {
    const { interactionId } = content;
    const known = made.get(interactionId);
    const permit = known ?? (await requireOwnCall(deps, { actor, content }).catch(notRequestable));
    made.set(interactionId, permit);
    permits.push(permit);
  }
  return permits;
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

function taskOf(
  { tenant, clock }: ApprovalsDeps,
  { by, items, isBulk, idempotencyKey, submissionDigest }: AccessRequestInput,
  { taskId, opened }: { readonly taskId: Id<'arq'>; readonly opened: readonly Opened[] },
): StoredTask {
  return {
    request: {
      tenant,
      task_id: taskId,
      service_id: by.serviceId,
      idempotency_key: idempotencyKey ?? null,
      submission_digest: submissionDigest,
      is_bulk: isBulk,
      submitted_at: new Date(clock.now()),
    },
    items: opened.map(({ row, isNew }, place) => ({
      tenant,
      task_id: taskId,
      place,
      // As many as there are items.
      evaluation_id: items[place]!.denial.evaluationId,
      approval_id: row.approval_id,
      opened: isNew,
      cancelled_at: null,
    })),
  };
}

function callbackOf(
  { request: { tenant, task_id } }: StoredTask,
  { endpoint, state, events }: NonNullable<AccessRequestInput['callback']>,
) {
  return {
    tenant,
    task_id,
    endpoint,
    state: state === undefined ? null : JSON.stringify(state),
    events: events === undefined ? null : JSON.stringify(events),
  };
}
