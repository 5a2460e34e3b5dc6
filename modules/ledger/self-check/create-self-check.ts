import { setTimeout as pause } from 'node:timers/promises';
import type { Context } from '../context.ts';
import { checkTree } from '../sequencer/check-tree.ts';
import type { Head } from '../store/head-rows.ts';

/** Entries that are read in a second: a million take 34 minutes, and cost a disk next to nothing. */
const PER_SECOND = 500;
/** Between two rounds, and before the first: the start has just read everything. */
const REST_MS = 600_000;
const FAULTS_TOLD = 10;

/** What the log found when it read itself. */
export interface SelfCheckHealth {
  readonly state: 'sound' | 'differs';
  /** Entries of the round under way that were read; 0 between two rounds. */
  readonly checked: number;
  /** When the last whole round ended; absent before the first. */
  readonly roundEndedAt?: string;
  /** Sentences, the first few; each names the index that it is about. Empty while all is sound. */
  readonly faults: readonly string[];
}

/** Reads the stored log again and again while the server runs, slowly. */
export interface SelfCheck {
  start(): void;
  stop(): Promise<void>;
  health(): SelfCheckHealth;
  /** One whole round, without rests. */
  round(): Promise<void>;
}

/**
 * Every stored leaf against its hash and its columns, every node, and the root against the published
 * checkpoint. A difference is told and nothing is ended: what was signed stays as it was signed, and a
 * process that ended itself would help whoever altered a row to stop the company.
 *
 * A round takes a while, and an entry that is erased meanwhile looks like one that is gone, since its
 * erasure came after the round’s end. So a difference counts once a look at all of it, as it is then,
 * finds one too.
 */
export function createSelfCheck(
  context: Context,
  published: () => Head,
  pace: { readonly perSecond: number; readonly restMs: number } = {
    perSecond: PER_SECOND,
    restMs: REST_MS,
  },
): SelfCheck {
  const { clock } = context;
  let ending = new AbortController();
  let faults: readonly string[] = [];
  let checked = 0;
  let roundEndedAt: string | undefined;
  let running: Promise<void> | undefined;

  async function look(perSecond?: number): Promise<string[]> {
    let before = 0;
    const found: string[] = [];
    const afterPage = async (size: number) => {
      checked = size;
      ending.signal.throwIfAborted();
      const ms = perSecond === undefined ? 0 : ((size - before) / perSecond) * 1_000;
      before = size;
      if (ms > 0) await pause(ms, undefined, { signal: ending.signal, ref: false });
    };
    for await (const { text } of checkTree(context, published(), { afterPage })) {
      found.push(`${text}.`);
      if (found.length === FAULTS_TOLD) break;
    }
    return found;
  }

  async function round(perSecond?: number): Promise<void> {
    const suspected = await look(perSecond);
    const found = suspected.length > 0 ? await look() : [];
    checked = 0;
    roundEndedAt = new Date(clock.now()).toISOString();
    // Told once for each difference, and not at every round.
    const fresh = found.filter((text) => !faults.includes(text));
    faults = found;
    for (const text of fresh) {
      context.onFault?.({ reason: `The stored log differs: ${text}`, stopped: false });
    }
  }

  async function run(): Promise<void> {
    const { perSecond, restMs } = pace;
    while (!ending.signal.aborted) {
      try {
        await pause(restMs, undefined, { signal: ending.signal, ref: false });
        await round(perSecond);
      } catch (error) {
        if (ending.signal.aborted) return;
        context.onFault?.({ reason: 'The log could not read itself.', stopped: false, error });
      }
    }
  }

  return {
    start() {
      if (running) return;
      ending = new AbortController();
      running = run();
    },
    async stop() {
      ending.abort();
      await running;
      running = undefined;
    },
    health: () => ({
      state: faults.length > 0 ? 'differs' : 'sound',
      checked,
      ...(roundEndedAt !== undefined && { roundEndedAt }),
      faults,
    }),
    round: () => round(),
  };
}
