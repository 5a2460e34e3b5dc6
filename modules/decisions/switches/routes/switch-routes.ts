import {
  forecastSwitch,
  handle,
  liftSwitch,
  listSwitches,
  throwSwitch,
  type MountedRoute,
} from '@proofline/protocol';
import type { DecisionsContext } from '../../context.ts';
import { forecastSwitch as forecast } from '../commands/forecast-switch.ts';
import { liftSwitch as lift } from '../commands/lift-switch.ts';
import { throwSwitch as throwOne } from '../commands/throw-switch.ts';
import { listSwitchRows } from '../store/switch-rows.ts';
import { describeSwitch, labelOf } from './describe-switch.ts';

/** As many as the page shows. */
const LISTED_MAX = 100;

/** Switches: list, look what one would hit, throw, lift. */
export function switchRoutes(context: DecisionsContext): MountedRoute[] {
  return [
    handle(listSwitches, async ({ caller, query }) => {
      const ended = query.state && query.state === 'ended';
      const rows = await listSwitchRows(context.storage.db, context.tenant, {
        ended,
        count: LISTED_MAX,
      });
      return {
        switches: await Promise.all(
          rows.map((row) => describeSwitch(context, row, caller.subjectId)),
        ),
        services: (context.services ?? []).map((service) => ({ ...service })),
      };
    }),
    handle(forecastSwitch, async ({ body }) => ({
      label: await labelOf(context, body.target),
      ...(await forecast(context, body.target)),
    })),
    handle(throwSwitch, async ({ caller, body, decision }) => {
      const row = await throwOne(context, {
        actor: caller.subjectId,
        ...body,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeSwitch(context, row, caller.subjectId);
    }),
    handle(liftSwitch, async ({ caller, params, decision }) => {
      const row = await lift(context, {
        actor: caller.subjectId,
        switchId: params.switchId,
        decisionEvidenceId: decision.evidenceId,
      });
      return describeSwitch(context, row, caller.subjectId);
    }),
  ];
}
