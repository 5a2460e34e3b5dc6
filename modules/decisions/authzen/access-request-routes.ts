import {
  cancelAccessRequest,
  handle,
  ProblemError,
  readAccessRequest,
  requestAccess,
  type AccessTask,
  type HttpExchange,
  type MountedRoute,
} from '@proofline/protocol';
import type { DecisionsContext } from '../context.ts';
import type { AccessRequestDesk } from './access-request-desk.ts';
import type { DenialBindings } from './denial-bindings.ts';
import { taskDescriber } from './describe-task.ts';
import { readSubmission } from './read-submission.ts';

/** How long to wait before asking again: people answer, not machines. */
const POLL_AGAIN_SECONDS = 3;

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
      const input = await readSubmission({ context, bindings, desk }, call);
      const told = describe(await desk.submit(input));
      call.http.setHeader('location', told.task.status_endpoint);
      return told;
    }),
    handle(readAccessRequest, async ({ caller, params: { taskId }, http }) => {
      const of = { taskId, serviceId: caller.subjectId };
      return paced(http, describe(await knowing(context).read(of)));
    }),
    handle(cancelAccessRequest, async ({ caller, params: { taskId }, body, decision }) => {
      const by = { serviceId: caller.subjectId, evidenceId: decision.evidenceId };
      const { reason, comment } = body;
      return describe(await knowing(context).cancel({ taskId, by, reason, comment }));
    }),
  ];
}

/** Where nobody takes requests, nobody knows of one. */
function knowing(context: DecisionsContext): AccessRequestDesk {
  const desk = context.accessRequests();
  if (!desk) throw new ProblemError('access-request.unknown-task');
  return desk;
}

/** The profile: who is told when to ask again must wait that long. */
function paced(http: HttpExchange, told: AccessTask): AccessTask {
  if (told.task.status === 'pending') http.setHeader('retry-after', String(POLL_AGAIN_SECONDS));
  return told;
}
