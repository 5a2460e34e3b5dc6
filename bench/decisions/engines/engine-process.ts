/**
 * One engine in a process of its own, so that none learns from, or pays for, another's code. It loads
 * and checks itself when it starts, and then measures whenever it is told to.
 */
import { createContestant } from './all-contestants.ts';
import { releaseRules, validateWithWasm } from './load-cedar.ts';
import { goLive, type Before } from './go-live.ts';
import { measureLatency, measureThroughput } from './sample.ts';
import type { Contestant, Step } from './contestant.ts';
import type { Rule } from '../workload.ts';
import { sizes, workloadOf } from '../workload-of.ts';

/** From 3,000 policies as text to what; see the table. */
export type SingleStep = 'validation' | 'release' | `live-${Before}`;

/** What the process says when it is ready. `null` for memory that could not be measured. */
export type Hello =
  | { readonly kind: 'left-out' }
  | { readonly kind: 'wrong'; readonly message: string }
  | {
      readonly kind: 'ready';
      readonly steps: readonly Step[];
      /** How many answers were compared with the oracle's. */
      readonly checkedRequests: number;
      readonly heapBytes: number;
      readonly residentBytes: number;
    };

const CHECK_MAX_MS = 5_000;

/** What is measured once, in a process that did nothing before. */
const single: Readonly<Record<SingleStep, (rules: readonly Rule[]) => Step[] | Promise<Step[]>>> = {
  validation: validateWithWasm,
  release: releaseRules,
  'live-nothing': (rules) => goLive(rules, 'nothing'),
  'live-looked': (rules) => goLive(rules, 'looked'),
  'live-changes': (rules) => goLive(rules, 'changes'),
};

const [id = '', wanted = ''] = process.argv.slice(2);
const size = sizes.find((one) => String(one) === wanted) ?? 'product';

try {
  if (isSingle(id)) {
    if (size === 'product') throw new Error(`${id} is measured on the workload`);
    const empty = memory();
    const steps = await single[id](workloadOf(size).rules);
    const residentBytes = memory().residentBytes - empty.residentBytes;
    tell({ kind: 'ready', steps, checkedRequests: 0, heapBytes: 0, residentBytes });
  } else {
    const contestant = await createContestant(id, size);
    if (contestant === undefined) tell({ kind: 'left-out' });
    else await run(contestant);
  }
} catch (error) {
  tell({ kind: 'wrong', message: error instanceof Error ? error.message : String(error) });
}

function isSingle(name: string): name is SingleStep {
  return Object.hasOwn(single, name);
}

async function run(contestant: Contestant): Promise<void> {
  const empty = memory();
  const steps = await contestant.load();
  const loaded = memory();
  contestant.takeRequests();
  const withRequests = memory();
  // The first pass also makes what is only made when it is needed, which counts as theirs.
  const checkedRequests = check(contestant);
  const checked = memory();
  tell({
    kind: 'ready',
    steps,
    checkedRequests,
    heapBytes: loaded.heapBytes - empty.heapBytes + checked.heapBytes - withRequests.heapBytes,
    residentBytes: loaded.residentBytes - empty.residentBytes,
  });
  process.on('message', ({ forMs }: { readonly forMs: number }) => {
    const throughput = measureThroughput(contestant, forMs);
    process.send?.({ throughput, latency: measureLatency(contestant, forMs / 2) });
  });
}

/** All requests; of an engine that needs minutes for them as many as it answers in a while. */
function check(contestant: Contestant): number {
  const start = performance.now();
  for (let index = 0; index < contestant.count(); index += 1) {
    if (performance.now() - start > CHECK_MAX_MS) return index;
    contestant.check(index);
  }
  return contestant.count();
}

function memory(): { heapBytes: number; residentBytes: number } {
  // Twice: what has a finaliser goes with the second.
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed + external, residentBytes: rss };
}

function tell(hello: Hello): void {
  process.send?.(hello);
}
