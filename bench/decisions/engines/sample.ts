import type { Contestant } from './contestant.ts';

/** What a loop came to. */
export interface Throughput {
  readonly perSecond: number;
  /** By the CPU time of the whole process: collector and compiler threads too. */
  readonly perCpuSecond: number;
}

/** Times of single calls, in microseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

const SAMPLES_MAX = 500_000;

/** Asks one request after the other for about so long. */
export function measureThroughput({ ask, count }: Contestant, forMs: number): Throughput {
  const requests = count();
  const cpu = process.cpuUsage();
  const start = performance.now();
  let calls = 0;
  let now = start;
  // The clock is read once for each step; a step of a slow engine is one call.
  let step = 1;
  while (now - start < forMs) {
    for (let index = 0; index < step; index += 1) {
      ask(calls % requests);
      calls += 1;
    }
    const before = now;
    now = performance.now();
    if (now - before < 2) step *= 2;
  }
  const used = process.cpuUsage(cpu);
  return {
    perSecond: calls / ((now - start) / 1_000),
    perCpuSecond: calls / ((used.user + used.system) / 1_000_000),
  };
}

/** Times each call by itself. The clock's own cost, some 0.05 µs, is part of it. */
export function measureLatency({ ask, count }: Contestant, forMs: number): Latency {
  const requests = count();
  const samples = new Float64Array(SAMPLES_MAX);
  const start = performance.now();
  let taken = 0;
  let now = start;
  while (taken < SAMPLES_MAX && now - start < forMs) {
    const before = performance.now();
    ask(taken % requests);
    now = performance.now();
    samples[taken] = (now - before) * 1_000;
    taken += 1;
  }
  return percentiles(samples.subarray(0, taken));
}

/** @see Latency */
export function percentiles(samples: Float64Array): Latency {
  const sorted = samples.toSorted();
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99) };
}
