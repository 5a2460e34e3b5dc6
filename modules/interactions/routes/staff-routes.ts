import {
  cancelProofRequest as cancelRoute,
  claimCallCode,
  closeInteraction,
  handle,
  listCases as listCasesRoute,
  listInteractions as listRoute,
  readInteraction as readRoute,
  recordWrapUp as wrapUpRoute,
  requestProof,
  type MountedRoute,
} from '@proofline/protocol';
import { askForProof } from '../commands/ask-for-proof.ts';
import { cancelProofRequest } from '../commands/cancel-proof-request.ts';
import { listCases } from '../commands/cases.ts';
import { endInteraction } from '../commands/end-interaction.ts';
import { listInteractions } from '../commands/list-interactions.ts';
import { readInteraction } from '../commands/read-interaction.ts';
import { recordWrapUp } from '../commands/record-wrap-up.ts';
import type { Context } from '../context.ts';

/** The routes of the agent's panel and lists. */
export function staffRoutes(context: Context): MountedRoute[] {
  return [
    handle(closeInteraction, async ({ caller, params }) => {
      await endInteraction(context, { ...params, endedBy: { agent: caller.subjectId } });
      return undefined;
    }),
    handle(wrapUpRoute, ({ caller, params, body }) =>
      recordWrapUp(context, { ...params, agentId: caller.subjectId, outcome: body.outcome }),
    ),
    handle(listRoute, ({ caller, query }) =>
      listInteractions(context, {
        subjectId: caller.subjectId,
        sessionId: caller.sessionId,
        state: query.state,
      }),
    ),
    handle(readRoute, ({ caller, params }) =>
      readInteraction(context, {
        ...params,
        subjectId: caller.subjectId,
        sessionId: caller.sessionId,
      }),
    ),
    handle(requestProof, ({ caller, params, body }) => {
      const { accountNumber, purpose } = body;
      const ask = { ...params, agentId: caller.subjectId, accountNumber };
      return askForProof(context, { ask, purpose });
    }),
    handle(claimCallCode, ({ caller, params, body }) => {
      const { code, purpose } = body;
      return askForProof(context, { ask: { ...params, agentId: caller.subjectId, code }, purpose });
    }),
    handle(cancelRoute, async ({ caller, params }) => {
      await cancelProofRequest(context, { ...params, agentId: caller.subjectId });
      return undefined;
    }),
    handle(listCasesRoute, ({ caller, query }) =>
      listCases(context, {
        subjectId: caller.subjectId,
        sessionId: caller.sessionId,
        state: query.state,
        caseType: query.caseType,
      }),
    ),
  ];
}
