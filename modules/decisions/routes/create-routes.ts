import {
  authzenConfiguration,
  evaluate,
  handle,
  ProblemError,
  readDecision,
  readPolicies,
  reportResult,
  type MountedRoute,
} from '@proofline/protocol';
import { decide } from '../commands/decide.ts';
import { reportResult as report } from '../commands/report-result.ts';
import type { DecisionsContext } from '../context.ts';
import { findDecisionRow, recordedDecision } from '../store/decision-rows.ts';
import { rehearsalRoutes } from '../releases/routes/rehearsal-routes.ts';
import { releaseRoutes } from '../releases/routes/release-routes.ts';
import { inputOfEvaluation } from './input-of-evaluation.ts';

/** The module's routes with their handlers. */
export function createRoutes(context: DecisionsContext): MountedRoute[] {
  return [
    handle(evaluate, async ({ body }) => {
      const decision = await decide(context, inputOfEvaluation(body));
      return { decision: decision.effect === 'permit', context: { proofline: decision } };
    }),
    handle(authzenConfiguration, async () => ({
      policy_decision_point: context.staffOrigin,
      access_evaluation_endpoint: `${context.staffOrigin}${evaluate.path}`,
    })),
    handle(reportResult, async ({ body }) => report(context, body)),
    handle(readDecision, async ({ params }) => {
      const row = await findDecisionRow(context.storage.db, context.tenant, params.decisionId);
      if (!row) throw new ProblemError('evidence.unknown');
      return recordedDecision(row);
    }),
    handle(readPolicies, async () => {
      const { set, ref, releasedAt } = context.release();
      return {
        release: ref,
        releasedAt: releasedAt.toISOString(),
        policies: [...set.policies.values()].map(({ id, layer, effect, reason, cedar }) => ({
          id,
          layer,
          effect,
          text: reason,
          cedar,
        })),
      };
    }),
    ...releaseRoutes(context),
    ...rehearsalRoutes(context),
  ];
}
