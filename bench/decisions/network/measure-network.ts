import { batchesOf, workloadOf, type Size } from '../workload-of.ts';
import { startBarePdp } from './bare-pdp-target.ts';
import { startCerbos } from './cerbos-server.ts';
import { cerbosGrpc, cerbosHttp, type Batch } from './cerbos-targets.ts';
import { measureCallers, type NetworkResult, type Target } from './measure-callers.ts';
import { startProductPdp } from './product-pdp-target.ts';

/** Everything that was asked over a network with one set of policies. */
export interface NetworkTable {
  readonly policies: Size | 'product';
  readonly results: readonly NetworkResult[];
  readonly cerbos?: CerbosStart;
}

/** What it took until Cerbos answered. */
export interface CerbosStart {
  readonly version: string;
  readonly startMs: number;
  readonly residentBytes?: number;
}

export interface NetworkOptions {
  readonly forMs: number;
  readonly say: (line: string) => void;
}

const CALLERS = [1, 16, 64];
const BATCH = 50;
/** So many requests are checked with the oracle, and then asked again and again. */
const SINGLES = 1_000;

/** Cerbos beside the bare server, on the same rules and requests, in turns. */
export async function measureOnWorkload(
  size: Size,
  { forMs, say }: NetworkOptions,
): Promise<NetworkTable> {
  const workload = workloadOf(size);
  await using started = new AsyncDisposableStack();
  const cerbos = await startCerbos(workload.rules);
  if (cerbos === undefined) say('  Cerbos: left out, not installed');
  else started.defer(cerbos.stop);
  const bare = await startBarePdp(size);
  started.defer(bare.stop);
  const singles = batchesOf(workload, 1).slice(0, SINGLES);
  const fifties = batchesOf(workload, BATCH);
  const targetsOf = async (batches: readonly Batch[]): Promise<Target[]> => {
    const theirs = cerbos && [await cerbosHttp(cerbos, batches), await cerbosGrpc(cerbos, batches)];
    const all = [await bare.target(batches), ...(theirs ?? [])];
    return all.filter((target) => target !== undefined);
  };
  const results = [
    ...(await inTurns(await targetsOf(singles), { callers: CALLERS, forMs })),
    ...(await inTurns(await targetsOf(fifties), { callers: [1, 16], forMs })),
  ];
  const residentBytes = cerbos?.residentBytes();
  return {
    policies: size,
    results,
    ...(cerbos && {
      cerbos: {
        version: cerbos.version,
        startMs: cerbos.startMs,
        ...(residentBytes !== undefined && { residentBytes }),
      },
    }),
  };
}

/** The product's server on the product's policies. */
export async function measureProduct({ forMs, say }: NetworkOptions): Promise<NetworkTable> {
  const results: NetworkResult[] = [];
  for (const database of ['pglite', 'postgres'] as const) {
    const pdp = await startProductPdp(database);
    if (pdp === undefined) {
      say(`  the server on ${database}: left out, not installed`);
      continue;
    }
    try {
      for (const target of pdp.targets) {
        // 64 batches of 50 are more than the server lets wait: it would refuse some.
        const callers = target.decisionsPerCall === 1 ? CALLERS : [1, 16];
        results.push(...(await inTurns([target], { callers, forMs })));
      }
    } finally {
      await pdp.stop();
    }
  }
  return { policies: 'product', results };
}

async function inTurns(
  targets: readonly Target[],
  { callers, forMs }: { readonly callers: readonly number[]; readonly forMs: number },
): Promise<NetworkResult[]> {
  const results: NetworkResult[] = [];
  // A first turn that nobody counts: both sides compile what they run often.
  for (const target of targets) await measureCallers(target, { callers: 16, forMs });
  for (const count of callers) {
    for (const target of targets) {
      results.push(await measureCallers(target, { callers: count, forMs }));
    }
  }
  return results;
}
