import { handle, ownEvents, readConsoleConfig, type MountedRoute } from '@proofline/protocol';
import type { Composition } from './compose.ts';
import type { Config } from './config.ts';

/** The routes that belong to no module: what the console must know, and the live changes. */
export function ownRoutes(
  config: Config,
  { hub, sessions }: Pick<Composition, 'hub' | 'sessions'>,
): MountedRoute[] {
  return [
    handle(readConsoleConfig, async () => ({
      gatewayOrigin: config.PROOFLINE_GATEWAY_ORIGIN,
      companyName: config.PROOFLINE_COMPANY,
      apiAudience: `${config.PROOFLINE_STAFF_ORIGIN}/api`,
      environment: config.PROOFLINE_ENVIRONMENT,
    })),
    handle(ownEvents, async ({ caller, http }) =>
      hub.listen({
        subjectId: caller.subjectId,
        sessionId: caller.sessionId,
        roles: caller.roles,
        signal: http.signal,
        stillLive: async () => (await sessions.registry.findLive(caller.sessionId)) !== undefined,
      }),
    ),
  ];
}
