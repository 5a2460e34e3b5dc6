import { handle, proposeNarrower, readUnused, type MountedRoute } from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { describeCandidate } from '../routes/describe-release.ts';
import { findUse } from './find-unused.ts';
import { proposeNarrower as propose } from './propose-narrower.ts';

/** Least privilege from use: what roles hold and never used, and the policies without it. */
export function leastPrivilegeRoutes(context: DecisionsContext): MountedRoute[] {
  return [
    handle(readUnused, async ({ query }) => {
      const { recorded, roles } = await findUse(context, query);
      const colleagues = ((await context.colleagues?.()) ?? []).filter(({ active }) => active);
      const here = colleagues.filter(({ desk }) => query.desk === undefined || desk === query.desk);
      return {
        from: recorded.from.toISOString(),
        decisions: recorded.decisions,
        roles: roles
          .filter(({ role }) => query.role === undefined || role === query.role)
          .map(({ role, held }) => ({
            role,
            people: here.filter((one) => one.roles.includes(role)).length,
            held: [...held],
          })),
        desks: [...new Set(colleagues.map(({ desk }) => desk))].toSorted(),
      };
    }),
    handle(proposeNarrower, async ({ caller, body, decision }) => {
      const row = await propose(context, {
        actor: caller.subjectId,
        ...body,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeCandidate(context, row, caller.subjectId);
    }),
  ];
}
