import {
  endInteraction as hangUpRoute,
  handle,
  startInteraction as startRoute,
  type MountedRoute,
} from '@proofline/protocol';
import { endInteraction } from '../commands/end-interaction.ts';
import { startInteraction } from '../commands/start-interaction.ts';
import type { Context } from '../context.ts';

/** The routes of a telephony system. */
export function telephonyRoutes(context: Context): MountedRoute[] {
  return [
    handle(startRoute, ({ caller, body }) =>
      startInteraction(context, { ...body, startedBy: caller.subjectId }),
    ),
    handle(hangUpRoute, async ({ caller, params }) => {
      await endInteraction(context, { ...params, endedBy: { service: caller.subjectId } });
      return undefined;
    }),
  ];
}
