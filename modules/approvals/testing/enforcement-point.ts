import { newId } from '@proofline/kernel';
import {
  AccessRequest,
  AccessTask,
  EvaluationAnswer,
  type ApprovalContent,
} from '@proofline/protocol';
import { contentDigest } from '../index.ts';
import type { approvalsWorld, Person } from './approvals-world.ts';

type World = Awaited<ReturnType<typeof approvalsWorld>>;

/** An enforcement point of another maker, at the PDP of the world: it knows only AuthZEN. */
export function enforcementPointOf(world: World, serviceId = 'svc_gateway') {
  const { decisions, ids, agent, content } = world;
  const serve = (id: string, given: object, headers: Record<string, string> = {}) => {
    const mounted = decisions.routes.find(({ route }) => route.id === id);
    const http = { header: (name: string) => headers[name], setHeader: () => undefined };
    const caller = { kind: 'service', subjectId: serviceId, role: 'gateway' };
    const decision = { evidenceId: newId('evt', world) };
    return mounted!.handler({ caller, decision, http, ...given } as never); // as the edge does
  };
  const questionOf = (sent: ApprovalContent, as: Person = agent) => ({
    subject: { type: 'Staff', id: as.subjectId },
    action: { name: sent.action },
    resource: sent.resource,
    context: {
      session_id: as.sessionId,
      grant_id: ids.grant,
      amount_cents: Number(sent.body['amountCents']),
      content_digest: contentDigest(sent),
    },
  });
  /** Evaluates the refund, with an approval brought along when there is one. */
  const evaluate = async (approval?: object, sent = content()) => {
    const asked = questionOf(sent);
    const context = { ...asked.context, ...(approval && { approval }) };
    return EvaluationAnswer.parse(
      await serve('decisions.evaluate', { body: { ...asked, context } }),
    );
  };
  /** The submission for a denial, as the profile asks for it. */
  const submissionFor = ({ context }: EvaluationAnswer, sent = content()) => ({
    ...questionOf(sent),
    denial: {
      evaluation_id: context.evaluation_id,
      expires_at: context.access_request?.expires_at ?? '',
      binding_token: context.access_request?.binding_token,
    },
    requested_access: {
      interaction_id: sent.interactionId,
      body: sent.body,
      justification: 'Charged twice in May.',
    },
  });
  /** Several denials in one submission, as the Bulk profile asks for it; each with its own content. */
  const bulkOf = (denied: readonly (readonly [EvaluationAnswer, ApprovalContent])[]) => ({
    subject: { type: 'Staff', id: agent.subjectId },
    context: { session_id: agent.sessionId },
    requested_access: { interaction_id: ids.call, justification: 'Charged twice in May.' },
    items: denied.map(([answer, sent]) => {
      const { action, resource, denial } = submissionFor(answer, sent);
      return { action, resource, denial, requested_access: { body: sent.body } };
    }),
  });
  const submit = async (body: object, key?: string) =>
    AccessTask.parse(
      await serve(
        'decisions.request-access',
        { body: AccessRequest.parse(body) },
        key === undefined ? {} : { 'idempotency-key': key },
      ),
    );
  const poll = async (taskId: string) =>
    AccessTask.parse(await serve('decisions.read-access-request', { params: { taskId } }));
  const cancel = async (taskId: string, body: object = {}) =>
    AccessTask.parse(await serve('decisions.cancel-access-request', { params: { taskId }, body }));
  return { evaluate, submissionFor, bulkOf, submit, poll, cancel };
}
