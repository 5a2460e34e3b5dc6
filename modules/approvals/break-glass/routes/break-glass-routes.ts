import {
  answerBreakGlass,
  endBreakGlass,
  handle,
  listBreakGlass,
  readBreakGlass,
  requestBreakGlass,
  reviewBreakGlass,
  type MountedRoute,
} from '@proofline/protocol';
import type { ApprovalsDeps } from '../../context.ts';
import {
  answerBreakGlass as answer,
  endBreakGlass as end,
  reviewBreakGlass as review,
} from '../commands/move-access.ts';
import { listBreakGlass as list, readBreakGlass as read } from '../commands/read-accesses.ts';
import { requestBreakGlass as request } from '../commands/request-break-glass.ts';

/** Break-glass: ask, list, look, open or decline, end, judge. Nothing prolongs, and nothing changes what was asked. */
export function breakGlassRoutes(deps: ApprovalsDeps): MountedRoute[] {
  return [
    handle(requestBreakGlass, ({ caller, body, decision }) =>
      request(deps, { actor: caller, ...body, decisionEvidenceId: decision.evidenceId }),
    ),
    handle(listBreakGlass, ({ caller, query }) =>
      list(deps, { actor: caller, state: query.state }),
    ),
    handle(readBreakGlass, ({ caller, params }) => read(deps, { actor: caller, ...params })),
    handle(answerBreakGlass, ({ caller, params, body, decision }) =>
      answer(deps, {
        actor: caller,
        ...params,
        ...body,
        decisionEvidenceId: decision.evidenceId,
      }),
    ),
    handle(endBreakGlass, ({ caller, params, decision }) =>
      end(deps, { actor: caller, ...params, decisionEvidenceId: decision.evidenceId }),
    ),
    handle(reviewBreakGlass, ({ caller, params, body, decision }) =>
      review(deps, {
        actor: caller,
        ...params,
        ...body,
        decisionEvidenceId: decision.evidenceId,
      }),
    ),
  ];
}
