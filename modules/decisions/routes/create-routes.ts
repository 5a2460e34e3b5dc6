import {
  handle,
  handleWithPermit,
  readDecision,
  readPolicies,
  reportResult,
  type MountedRoute,
} from '@proofline/protocol';
import { explainDecision } from '../commands/explain-decision.ts';
import { reportResult as report } from '../commands/report-result.ts';
import { underPermit } from '../commands/require-for.ts';
import type { DecisionsContext } from '../context.ts';
import { leastPrivilegeRoutes } from '../releases/least-privilege/least-privilege-routes.ts';
import { pipelineRoutes } from '../releases/routes/pipeline-routes.ts';
import { rehearsalRoutes } from '../releases/routes/rehearsal-routes.ts';
import { releaseRoutes } from '../releases/routes/release-routes.ts';
import { stageRoutes } from '../releases/stages/stage-routes.ts';
import { switchRoutes } from '../switches/routes/switch-routes.ts';

/** The module's routes with their handlers. */
export function createRoutes(context: DecisionsContext): MountedRoute[] {
  return [
    handleWithPermit(reportResult, ({ body, permit }) =>
      report(underPermit(context, permit), body),
    ),
    handle(readDecision, ({ params }) => explainDecision(context, params.decisionId)),
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
    ...switchRoutes(context),
    ...rehearsalRoutes(context),
    ...pipelineRoutes(context),
    ...stageRoutes(context),
    ...leastPrivilegeRoutes(context),
  ];
}
