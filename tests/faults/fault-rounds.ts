import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { seededRandom } from '@proofline/kernel/node';
import { makeDiskImage, type DiskImage } from './disk-image.ts';
import type { FaultEngine, RunningEngine } from './fault-engines.ts';
import { findLosses, type Known } from './find-losses.ts';
import type { Acknowledged } from './journal.ts';
import { signalAll, untilGone } from './process-family.ts';
import { startWriter, type WriterProcess } from './writer-process.ts';

const LONGEST_RUN_MS = 700;
const IMAGE_MB = 1_200;

/** What came of some rounds. */
export interface RoundsReport {
  readonly engine: FaultEngine['name'];
  readonly fault: 'kill -9' | 'power cut';
  readonly rounds: number;
  readonly acknowledged: number;
  /** Entries in the log in the end. */
  readonly entries: number;
  /** From the start of the database until the log was whole again, the slowest. */
  readonly slowestRecoveryMs: number;
  /** What was lost, broken or forked, with its round. Empty is what is promised. */
  readonly problems: readonly string[];
}

/** Of `how` many rounds each: write, be struck, come back, look. One database lives through all of them. */
interface Rounds {
  readonly engine: FaultEngine;
  readonly rounds: number;
  readonly onRound?: ((round: number, known: Known) => void) | undefined;
}

/** Kills whoever writes, and the database with it, at any moment. */
export async function killRounds({ engine, rounds, onRound }: Rounds): Promise<RoundsReport> {
  const place = mkdtempSync(join(tmpdir(), 'proofline-kill-'));
  // The database may have to run as another user than whoever strikes it.
  chmodSync(place, 0o711);
  const strike = async (writer: WriterProcess, running: RunningEngine) => {
    await Promise.all([writer.kill(), running.kill()]);
  };
  try {
    const seen = await runRounds({ engine, rounds, place, strike, onRound, what: 'kill' });
    return { engine: engine.name, fault: 'kill -9', rounds, ...seen };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

/** Takes the power away: what the device holds in that moment is all there is afterwards. Root only. */
export async function cutRounds({ engine, rounds, onRound }: Rounds): Promise<RoundsReport> {
  const image = makeDiskImage(IMAGE_MB);
  try {
    const strike = (writer: WriterProcess, running: RunningEngine) => cut(image, writer, running);
    const what = 'cut';
    const seen = await runRounds({ engine, rounds, place: image.place, strike, onRound, what });
    return { engine: engine.name, fault: 'power cut', rounds, ...seen };
  } finally {
    await image.remove();
  }
}

async function cut(image: DiskImage, writer: WriterProcess, running: RunningEngine): Promise<void> {
  const all = [writer.pid, ...running.pids()];
  signalAll(all, 'SIGSTOP');
  image.copy();
  signalAll(all, 'SIGKILL');
  await writer.ended;
  await untilGone(all);
  await image.becomeCopy();
}

async function runRounds(
  options: Rounds & {
    readonly place: string;
    readonly what: string;
    strike(writer: WriterProcess, running: RunningEngine): Promise<void>;
  },
): Promise<Omit<RoundsReport, 'engine' | 'fault' | 'rounds'>> {
  const { engine, rounds, place, strike, onRound, what } = options;
  const random = seededRandom(`${what} ${engine.name}`);
  const acknowledged: Acknowledged[] = [];
  let log: Known['log'];
  let slowestRecoveryMs = 0;
  const problems: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const running = await engine.start(place);
    const writer = startWriter({ directory: place, url: running.url, round });
    await writer.underWay;
    await delay(((random.bytes(1)[0] ?? 0) / 255) * LONGEST_RUN_MS);
    await strike(writer, running);
    if (writer.heard.length === 0) problems.push(`round ${round}: nothing was written`);
    acknowledged.push(...writer.heard);
    const startedMs = performance.now();
    const again = await engine.start(place);
    try {
      const found = await findLosses({ directory: place, url: again.url }, { acknowledged, log });
      slowestRecoveryMs = Math.max(slowestRecoveryMs, found.wholeAtMs - startedMs);
      problems.push(...found.problems.map((problem) => `round ${round}: ${problem}`));
      log = found.log;
    } finally {
      await again.kill();
    }
    onRound?.(round, { acknowledged, log });
  }
  return {
    acknowledged: acknowledged.length,
    entries: log?.leaves.length ?? 0,
    slowestRecoveryMs: Math.round(slowestRecoveryMs),
    problems,
  };
}
