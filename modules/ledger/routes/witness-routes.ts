import { handle, readWitnesses, type MountedRoute } from '@proofline/protocol';
import type { Sequencer } from '../sequencer/sequencer.ts';
import type { Witnesses } from '../witnesses/create-witnesses.ts';

/** How the log’s witnesses stand, for whoever reads evidence. */
export function witnessRoutes(
  sequencer: Sequencer,
  witnesses: Witnesses | undefined,
): MountedRoute[] {
  return [
    handle(readWitnesses, async () => {
      const newest = await witnesses?.newest();
      const standings = witnesses?.health().witnesses ?? [];
      return {
        logSize: sequencer.published().size,
        witnesses: standings.map(({ name, key, state, reason, signed }) => ({
          name,
          verifierKey: key,
          state,
          ...(reason !== undefined && { reason }),
          ...(signed && { signed: { size: signed.size, at: timeOf(signed.atSeconds) } }),
        })),
        ...(newest && {
          witnessed: {
            size: newest.size,
            ...(newest.metAtSeconds !== undefined && { at: timeOf(newest.metAtSeconds) }),
          },
        }),
      };
    }),
  ];
}

/** The last moment that a calendar of the web has; a witness may sign any number. */
const LAST_MS = Date.UTC(9999, 11, 31);

function timeOf(seconds: number): string {
  return new Date(Math.min(seconds * 1000, LAST_MS)).toISOString();
}
