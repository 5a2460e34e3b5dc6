import {
  handle,
  ownEvents,
  ProblemError,
  readConsoleConfig,
  readHardware,
  type MountedRoute,
  type StaffCaller,
} from '@proofline/protocol';
import type { Composition } from './compose.ts';
import type { Config } from './config.ts';
import { describeHardware } from './metadata/describe-hardware.ts';
import type { Listener } from './http/event-hub.ts';

type Hardware = 'metadata' | 'attestationPolicy' | 'clock';

/** The routes that belong to no module: what the console must know, and the live changes. */
export function ownRoutes(
  config: Config,
  { hub, ...rooms }: Pick<Composition, 'hub' | 'sessions' | 'workforce' | Hardware>,
): MountedRoute[] {
  return [
    handle(readConsoleConfig, async () => ({
      gatewayOrigin: config.PROOFLINE_GATEWAY_ORIGIN,
      companyName: config.PROOFLINE_COMPANY,
      apiAudience: `${config.PROOFLINE_STAFF_ORIGIN}/api`,
      environment: config.PROOFLINE_ENVIRONMENT,
    })),
    handle(readHardware, async () => describeHardware(rooms)),
    handle(ownEvents, async ({ caller, http }) => {
      const standing = () => standingOf(rooms, caller);
      const atFirst = await standing();
      if (atFirst === undefined) throw new ProblemError('session.ended');
      if (atFirst === 'locked') throw new ProblemError('session.locked');
      const { subjectId, sessionId } = caller;
      return hub.listen({ ...atFirst, subjectId, sessionId, signal: http.signal, standing });
    }),
  ];
}

/** Desk and roles of a colleague whose session lives, both as they are now; or that it is locked. */
async function standingOf(
  { sessions, workforce }: Pick<Composition, 'sessions' | 'workforce'>,
  { sessionId, subjectId }: StaffCaller,
): ReturnType<Listener['standing']> {
  const [session, colleague] = await Promise.all([
    sessions.registry.findLive(sessionId),
    workforce.findColleague(subjectId),
  ]);
  if (session === undefined || colleague?.active !== true) return undefined;
  if (session.locked) return 'locked';
  return { desk: colleague.desk, roles: colleague.roles };
}
