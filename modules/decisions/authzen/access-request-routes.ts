import { canonicalJson, type JsonObject } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import {
  handle,
  ProblemError,
  readAccessRequest,
  requestAccess,
  type AccessRequest,
  type AccessTask,
  type Call,
  type MountedRoute,
} from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import { findDecisionRow, recordedDecision } from '../store/decision-rows.ts';
import type { AccessRequestInput, AccessTaskState } from './access-request-desk.ts';
import type { DenialBindings } from './denial-bindings.ts';

/** Longer ones are nobody's idempotency key. */
const IDEMPOTENCY_KEY_MAX_CHARS = 200;

/** AuthZEN Access Request and Approval profile: what was denied is handed in, and asked after. */
export function createAccessRequestRoutes(
  context: DecisionsContext,
  bindings: DenialBindings,
): MountedRoute[] {
  const describe = taskDescriber(context.staffOrigin);
  return [
    handle(requestAccess, async (call) => {
      const desk = context.accessRequests();
      if (!desk) throw new ProblemError('access-request.not-requestable');
      const denial = await requireDenial({ context, bindings }, call.body);
      return describe(await desk.submit(inputOf(call, denial)));
    }),
    handle(readAccessRequest, async ({ caller, params: { taskId } }) => {
      const of = { taskId, serviceId: caller.subjectId };
      const found = await context.accessRequests()?.find(of);
      if (!found) throw new ProblemError('access-request.unknown-task');
      return describe(found);
    }),
  ];
}

interface Deps {
  readonly context: DecisionsContext;
  readonly bindings: DenialBindings;
}

/** The denial that the token was made for, when it was of this very question and is not over. */
async function requireDenial(
  { context, bindings }: Deps,
  { denial, subject, action, resource, context: asked = {} }: AccessRequest,
): Promise<AccessRequestInput['denial']> {
  const { binding_token: token = '' } = denial;
  if (await bindings.isOver(token)) throw new ProblemError('access-request.expired-denial');
  const bound = await bindings.read(token, {
    subject: { type: subject.type, id: subject.id },
    action: action.name,
    resource: { type: resource.type, id: resource.id },
    contentDigest: asked.content_digest,
  });
  // What stands beside the token must say the same as the token.
  const agrees =
    bound?.expiresAt === denial.expires_at &&
    (denial.evaluation_id === undefined || denial.evaluation_id === bound.evaluationId);
  if (!bound || !agrees) throw new ProblemError('access-request.invalid-binding');
  const row = await findDecisionRow(context.storage.db, context.tenant, bound.evaluationId);
  const decision = row && recordedDecision(row).decision;
  if (decision?.effect !== 'deny') throw new ProblemError('access-request.invalid-binding');
  return { evaluationId: bound.evaluationId, evidenceId: decision.evidenceId };
}

function inputOf(
  { body, caller, decision, http }: Call<typeof requestAccess>,
  denial: AccessRequestInput['denial'],
): AccessRequestInput {
  const { subject, action, resource, context = {}, requested_access: wanted } = body;
  const idempotencyKey = http.header('idempotency-key');
  if (idempotencyKey !== undefined && idempotencyKey.length > IDEMPOTENCY_KEY_MAX_CHARS) {
    throw new ProblemError('request.malformed', { detail: 'The Idempotency-Key is too long.' });
  }
  // What zod read as JSON is JSON; its type is merely spelled differently.
  const json = (value: unknown) => value as JsonObject;
  return {
    by: { serviceId: caller.subjectId, evidenceId: decision.evidenceId },
    denial,
    subject: { type: subject.type, id: subject.id },
    sessionId: context.session_id,
    action: action.name,
    resource: { type: resource.type, id: resource.id },
    // Bound by the token, which knows none where the question had none: then nothing matches.
    contentDigest: context.content_digest ?? '',
    content: {
      interactionId: wanted.interaction_id,
      body: json(wanted.body),
      justification: wanted.justification,
    },
    idempotencyKey,
    submissionDigest: sha256Base64url(canonicalJson(json(body))),
  };
}

function taskDescriber(origin: string) {
  return ({ taskId, status, expiresAt, approval }: AccessTaskState): AccessTask => ({
    task: {
      id: taskId,
      status,
      status_endpoint: `${origin}${readAccessRequest.path.replace('{taskId}', taskId)}`,
      expires_at: expiresAt.toISOString(),
    },
    ...(approval && {
      result: {
        mode: 'reevaluate' as const,
        approval: {
          id: approval.id,
          approved_at: approval.approvedAt.toISOString(),
          approved_until: approval.approvedUntil.toISOString(),
        },
      },
    }),
  });
}
