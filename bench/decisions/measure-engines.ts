import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Hello, SingleStep } from './engines/engine-process.ts';
import type { Latency, Throughput } from './engines/sample.ts';
import type { Step } from './engines/contestant.ts';
import { rows } from './engines/all-contestants.ts';
import { nextMessage } from './next-message.ts';
import type { Size } from './workload-of.ts';

/** One engine on one set of policies. */
export interface EngineResult extends Throughput, Latency {
  readonly id: string;
  readonly policies: Size | 'product';
  readonly steps: readonly Step[];
  readonly heapBytes: number;
  readonly checkedRequests: number;
  readonly residentBytes: number;
}

export interface EngineOptions {
  readonly roundMs: number;
  readonly rounds: number;
  readonly say: (line: string) => void;
}

interface Sample {
  readonly throughput: Throughput;
  readonly latency: Latency;
}

/** A started engine that answered every request as the oracle does. */
interface Runner {
  readonly id: string;
  readonly child: ChildProcess;
  readonly hello: Extract<Hello, { kind: 'ready' }>;
  readonly samples: Sample[];
}

/**
 * Measures every engine on one size, in rounds: each once, then each again, so that what else the
 * machine does meanwhile falls on all of them. The median round counts; the first only warms up.
 *
 * @throws {Error} where an engine answers otherwise than the oracle.
 */
export async function measureEngines(
  size: Size | 'product',
  { roundMs, rounds, say }: EngineOptions,
): Promise<EngineResult[]> {
  const runners: Runner[] = [];
  try {
    for (const row of rows.filter((one) => one.sizes.includes(size))) {
      const runner = await start(row.id, size);
      if (runner === undefined) say(`  ${row.title}: left out, not installed`);
      else runners.push(runner);
    }
    for (let round = 0; round <= rounds; round += 1) {
      for (const runner of runners) {
        const sample = await measure(runner, roundMs);
        if (round > 0) runner.samples.push(sample);
      }
    }
    return runners.map((runner) => resultOf(runner, size));
  } finally {
    for (const { child } of runners) child.kill();
  }
}

/** What one step takes with so many policies, in a fresh process each time: the median of three. */
export async function measureStep(id: SingleStep, size: Size): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const runner = await start(id, size);
    runner?.child.kill();
    taken.push(runner?.hello.steps[0]?.ms ?? Number.NaN);
  }
  return taken.sort((one, other) => one - other)[1] ?? Number.NaN;
}

async function start(id: string, size: Size | 'product'): Promise<Runner | undefined> {
  const child = fork(join(import.meta.dirname, 'engines/engine-process.ts'), [id, String(size)], {
    execArgv: ['--expose-gc'],
  });
  const hello = await nextMessage<Hello>(child);
  if (hello.kind === 'ready') return { id, child, hello, samples: [] };
  child.kill();
  if (hello.kind === 'left-out') return undefined;
  throw new Error(`${id} with ${size} policies is not right: ${hello.message}`);
}

async function measure({ child }: Runner, forMs: number): Promise<Sample> {
  child.send({ forMs });
  return nextMessage<Sample>(child);
}

function resultOf({ id, hello, samples }: Runner, policies: Size | 'product'): EngineResult {
  const median = (of: (sample: Sample) => number): number => {
    const sorted = samples.map(of).sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  };
  return {
    id,
    policies,
    perSecond: median(({ throughput }) => throughput.perSecond),
    perCpuSecond: median(({ throughput }) => throughput.perCpuSecond),
    p50: median(({ latency }) => latency.p50),
    p99: median(({ latency }) => latency.p99),
    steps: hello.steps,
    heapBytes: hello.heapBytes,
    residentBytes: hello.residentBytes,
    checkedRequests: hello.checkedRequests,
  };
}
