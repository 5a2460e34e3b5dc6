import { percentiles, type Latency } from '../engines/sample.ts';
import { cpuSecondsOf } from './cpu-seconds.ts';

/** A server under test, as a caller reaches it. */
export interface Target {
  readonly id: string;
  readonly pid: number | undefined;
  /** How many decisions one call asks for. */
  readonly decisionsPerCall: number;
  /** Before each measurement, outside of the time. */
  readonly prepare?: () => Promise<void>;
  readonly open: () => Promise<Connection>;
}

/** One caller, who waits for each answer. */
export interface Connection {
  /** Asks the request of this number; `false`: there is nothing left to ask with. Throws for a refusal. */
  ask(turn: number): Promise<boolean>;
  close(): void;
}

/** What so many callers at once got. */
export interface NetworkResult extends Latency {
  readonly id: string;
  readonly callers: number;
  readonly decisionsPerCall: number;
  readonly perSecond: number;
  /** Of the server's process, for one decision; absent where the system does not say. */
  readonly serverCpuMicroseconds?: number;
}

const SAMPLES_MAX = 200_000;

/** Lets so many callers ask for about so long. Times are in microseconds of a whole call. */
export async function measureCallers(
  target: Target,
  { callers, forMs }: { readonly callers: number; readonly forMs: number },
): Promise<NetworkResult> {
  const connections = await Promise.all(Array.from({ length: callers }, () => target.open()));
  await target.prepare?.();
  const samples = new Float64Array(SAMPLES_MAX);
  let calls = 0;
  let turn = 0;
  const cpuBefore = cpuSecondsOf(target.pid);
  const start = performance.now();
  const run = async (connection: Connection): Promise<void> => {
    while (performance.now() - start < forMs) {
      const before = performance.now();
      turn += 1;
      if (!(await connection.ask(turn))) return;
      samples[calls % SAMPLES_MAX] = (performance.now() - before) * 1_000;
      calls += 1;
    }
  };
  try {
    await Promise.all(connections.map(run));
    const seconds = (performance.now() - start) / 1_000;
    const cpuAfter = cpuSecondsOf(target.pid);
    const decisions = calls * target.decisionsPerCall;
    return {
      id: target.id,
      callers,
      decisionsPerCall: target.decisionsPerCall,
      perSecond: decisions / seconds,
      ...percentiles(samples.subarray(0, Math.min(calls, SAMPLES_MAX))),
      ...(cpuBefore !== undefined &&
        cpuAfter !== undefined && {
          serverCpuMicroseconds: ((cpuAfter - cpuBefore) * 1e6) / decisions,
        }),
    };
  } finally {
    for (const connection of connections) connection.close();
  }
}
