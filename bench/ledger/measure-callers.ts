import { performance } from 'node:perf_hooks';
import { cpuOfFamily } from '../identity/cpu-of-family.ts';
import type { Contestant } from './contestants.ts';

/** What so many callers, each writing one event after the other, were answered. */
export interface Measured {
  readonly callers: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** CPU for one event: this process with everything in it, and the database’s where it has one. */
  readonly cpuMs: number;
  readonly databaseCpuMs: number | undefined;
}

/** A closed loop: `callers` at once, for so long, after a fifth of it that only warms up. */
export async function measureCallers(
  contestant: Contestant,
  asked: {
    readonly callers: number;
    readonly forMs: number;
    readonly databasePid?: number | undefined;
  },
): Promise<Measured> {
  const { callers, forMs, databasePid } = asked;
  let next = 0;
  let latencies: number[] = [];
  const run = async (untilMs: number) => {
    while (performance.now() < untilMs) {
      const begun = performance.now();
      await contestant.write((next += 1));
      latencies.push(performance.now() - begun);
    }
  };
  const round = (ms: number) => {
    const untilMs = performance.now() + ms;
    return Promise.all(Array.from({ length: callers }, () => run(untilMs)));
  };
  await round(forMs / 5);
  latencies = [];
  const own = process.cpuUsage();
  const others = cpuOfFamily(databasePid);
  const begun = performance.now();
  await round(forMs);
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const othersAfter = cpuOfFamily(databasePid);
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  const count = latencies.length;
  return {
    callers,
    perSecond: count / seconds,
    p50Ms: at(0.5) ?? Number.NaN,
    p99Ms: at(0.99) ?? Number.NaN,
    cpuMs: (user + system) / 1_000 / count,
    databaseCpuMs:
      others === undefined || othersAfter === undefined
        ? undefined
        : ((othersAfter - others) * 1_000) / count,
  };
}
