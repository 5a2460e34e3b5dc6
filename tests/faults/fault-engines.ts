import { join } from 'node:path';
import { findPostgres, startThrowawayPostgres } from '../harness/throwaway-postgres.ts';
import { familyOf, signalAll, untilGone } from './process-family.ts';

/** A database that rounds of faults are run on. */
export interface FaultEngine {
  readonly name: 'embedded' | 'PostgreSQL';
  /** Brings it up in a place, where it may have been before. */
  start(place: string): Promise<RunningEngine>;
}

/** The database of one round. */
export interface RunningEngine {
  readonly url: string | undefined;
  /** Processes of its own, besides the writer’s; looked up anew each time. */
  pids(): readonly number[];
  /** kill -9 to each of them. */
  kill(): Promise<void>;
}

/** It lives in the writer’s own process. */
const embedded: FaultEngine = {
  name: 'embedded',
  start: async () => ({ url: undefined, pids: () => [], kill: async () => undefined }),
};

/** As a company would run it: every commit synced. */
function postgres(binaries: string): FaultEngine {
  return {
    name: 'PostgreSQL',
    async start(place) {
      const server = await startThrowawayPostgres(binaries, { keptIn: join(place, 'postgres') });
      const pids = () => familyOf(server.pid ?? 0);
      return {
        url: server.url,
        pids,
        async kill() {
          const all = pids();
          signalAll(all, 'SIGKILL');
          await untilGone(all);
        },
      };
    },
  };
}

/** Those that this machine has. */
export function faultEngines(): readonly FaultEngine[] {
  const binaries = findPostgres();
  return binaries === undefined ? [embedded] : [embedded, postgres(binaries)];
}
