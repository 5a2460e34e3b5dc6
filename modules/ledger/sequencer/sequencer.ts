import { ProblemError } from '@proofline/protocol';
import type { Recorder } from '../commands/record.ts';
import type { Context } from '../context.ts';
import { LedgerStartError } from '../domain/ledger-start-error.ts';
import { SealError } from '../domain/seal.ts';
import type { Head } from '../store/head-rows.ts';
import type { LedgerHealth, Receipt } from '../types.ts';
import { createAppendQueue, type Appended } from './append-queue.ts';
import { createLogWriter, type LogWriter } from './log-writer.ts';
import { createNap } from './nap.ts';
import { openLog } from './open-log.ts';
import { createWaiters, type Placed } from './waiters.ts';

const POLL_MS = 100;
const DURABLE_LIMIT_MS = 5_000;

/** How the sequencer stands. */
type SequencerHealth = Pick<LedgerHealth, 'state' | 'size' | 'reason'>;

/** One sequencer: the only writer of the log, fenced by the head row. */
export interface Sequencer {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Something may be in the outbox. */
  wake(): void;
  /** @throws ProblemError `evidence.unavailable` */
  waitFor(evidenceId: string): Promise<Placed>;
  /** Takes an entry that nobody’s change hangs on straight into the log. @throws ProblemError `evidence.unavailable` */
  append(appended: Appended): Promise<Receipt>;
  health(): SequencerHealth;
  /** @see LogWriter.shown; `undefined` before the start */
  shown(): Head | undefined;
  /** @see LogWriter.shown @throws ProblemError `evidence.unavailable` before the start */
  published(): Head;
}

/** @see Sequencer */
export function createSequencer(context: Context, recorder: Recorder): Sequencer {
  const limitMs = context.durableLimitMs ?? DURABLE_LIMIT_MS;
  const waiters = createWaiters(limitMs);
  const appends = createAppendQueue(limitMs);
  const nap = createNap();
  const life: { state: LedgerHealth['state']; reason?: string; isStopping: boolean } = {
    state: 'idle',
    isStopping: false,
  };
  let log: LogWriter | undefined;
  let running: Promise<void> | undefined;

  async function run(writer: LogWriter): Promise<void> {
    while (!life.isStopping) {
      try {
        // What is recorded while the turn is under way may be too late for it.
        nap.begin();
        if (!(await writer.turn())) await nap.sleep(POLL_MS);
      } catch (error) {
        if (error instanceof LedgerStartError || error instanceof SealError) return fail(error);
        context.onFault?.({ reason: 'A batch failed; it is tried again.', stopped: false, error });
        nap.begin();
        await nap.sleep(POLL_MS);
      }
    }
  }

  function refuseAll(reason: string): void {
    waiters.refuseAll(reason);
    appends.refuseAll(reason);
  }

  function fail(error: Error): void {
    life.state = 'failed';
    life.reason = error.message;
    refuseAll(error.message);
    context.onFault?.({ reason: error.message, stopped: true, error });
  }

  function requireAlive(): void {
    if (life.state !== 'failed' && life.state !== 'stopped') return;
    const internal = life.reason ?? `the sequencer has ${life.state}`;
    throw new ProblemError('evidence.unavailable', { internal });
  }

  return {
    async start() {
      if (life.state === 'running') return;
      log = createLogWriter(
        { context, waiters, appends, confirm: recorder.confirm },
        await openLog(context, recorder.record),
      );
      life.isStopping = false;
      life.state = 'running';
      running = run(log);
    },
    async stop() {
      life.isStopping = true;
      nap.knock();
      await running;
      // What is committed and cannot be put on the mark is found at the next start.
      await log?.flush().catch(() => {});
      if (life.state === 'running') life.state = 'stopped';
      refuseAll('the sequencer was stopped');
    },
    wake: () => nap.knock(),
    async waitFor(evidenceId) {
      requireAlive();
      const waiting = waiters.waitFor(evidenceId);
      nap.knock();
      return waiting;
    },
    async append(appended) {
      requireAlive();
      const waiting = appends.push(appended);
      nap.knock();
      return waiting;
    },
    health: () => ({
      state: life.state,
      size: log?.shown().size ?? 0,
      ...(life.reason !== undefined && { reason: life.reason }),
    }),
    shown: () => log?.shown(),
    published() {
      if (!log) throw new ProblemError('evidence.unavailable', { internal: 'not started' });
      return log.shown();
    },
  };
}
