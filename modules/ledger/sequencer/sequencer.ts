import { openCheckpoint, sameHash } from '@proofline/evidence';
import { ProblemError } from '@proofline/protocol';
import type { Context } from '../context.ts';
import { LedgerStartError } from '../domain/ledger-start-error.ts';
import { SealError } from '../domain/seal.ts';
import type { Head } from '../store/head-rows.ts';
import type { EvidenceWriter, LedgerHealth } from '../types.ts';
import { createTreeReader } from '../reading/tree-reader.ts';
import { openLog } from './open-log.ts';
import { HeadMovedError, sequenceBatch } from './sequence-batch.ts';
import { createWaiters } from './waiters.ts';

const POLL_MS = 100;
const DURABLE_LIMIT_MS = 5_000;

/** One sequencer: the only writer of the log, fenced by the head row. */
export interface Sequencer {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Something may be in the outbox. */
  wake(): void;
  /** @throws ProblemError `evidence.unavailable` */
  waitFor(evidenceId: string): Promise<number>;
  health(): LedgerHealth;
  /** The newest head whose checkpoint is on the high-water mark. Nothing newer is shown to anybody. */
  published(): Head;
}

/** @see Sequencer */
export function createSequencer(context: Context, record: EvidenceWriter['record']): Sequencer {
  const { rows, storage, mark } = context;
  const waiters = createWaiters(context.durableLimitMs ?? DURABLE_LIMIT_MS);
  let state: LedgerHealth['state'] = 'idle';
  let reason: string | undefined;
  let head: Head | undefined;
  let shown: Head | undefined;
  let running: Promise<void> | undefined;
  let isStopping = false;
  let isWoken = false;
  let nap: { end(): void } | undefined;

  async function run(): Promise<void> {
    while (!isStopping) {
      try {
        isWoken = false;
        const busy = await turn();
        // What was recorded while the turn was under way may have been too late for it.
        if (!busy && !isWoken) await sleep();
      } catch (error) {
        if (isFatal(error)) return fail(error);
        context.onFault?.({ reason: 'A batch failed; it is tried again.', stopped: false, error });
        await sleep();
      }
    }
  }

  /** One batch, and its checkpoint on the mark. Answers whether there may be more to do. */
  async function turn(): Promise<boolean> {
    const from = head;
    if (!from) throw new Error('the sequencer has no head');
    await publish();
    const batch = await sequenceBatch(context, from).catch(async (error: unknown) => {
      if (!(error instanceof HeadMovedError)) throw error;
      head = await adopt(from);
      return undefined;
    });
    if (batch) head = batch.head;
    await publish();
    if (batch) {
      for (const [evidenceId, index] of batch.indexes) waiters.settle(evidenceId, index);
      return true;
    }
    await settleEarlier();
    return head !== from;
  }

  /** The database has committed; now the mark; only then may anybody see the checkpoint. */
  async function publish(): Promise<void> {
    if (!head || head === shown) return;
    await mark.write(head.checkpoint);
    shown = head;
  }

  /** Those whose entry had been sequenced before they asked, by this or another sequencer. */
  async function settleEarlier(): Promise<void> {
    const ids = waiters.ids();
    if (ids.length === 0) return;
    const found = await rows.entries.findByIds(storage.db, ids);
    if (head && found.some(({ index }) => index >= head!.size)) head = await adopt(head);
    await publish();
    for (const { evidenceId, index } of found) {
      if (index < (shown?.size ?? 0)) waiters.settle(evidenceId, index);
    }
  }

  /** Another sequencer may have gone on from our head; anything else is a changed history. */
  async function adopt(ours: Head): Promise<Head> {
    const theirs = await rows.head.find(storage.db);
    if (!theirs || theirs.size < ours.size) throw new LedgerStartError('log.rolled-back');
    const signed = openCheckpoint(theirs.checkpoint, context.signer.key);
    if (signed?.size !== theirs.size || !sameHash(signed.root, theirs.root)) {
      throw new LedgerStartError('log.altered', 'the head is not signed');
    }
    const reader = createTreeReader(context, theirs.size);
    if (!sameHash(await reader.rootAt(ours.size), ours.root))
      throw new LedgerStartError('log.forked');
    if (!sameHash(await reader.rootAt(theirs.size), theirs.root)) {
      throw new LedgerStartError('log.altered', 'the nodes do not give the root of the head');
    }
    return theirs;
  }

  function fail(error: unknown): void {
    state = 'failed';
    reason = error instanceof Error ? error.message : 'the sequencer failed';
    waiters.refuseAll(reason);
    context.onFault?.({ reason, stopped: true, error });
  }

  function wake(): void {
    isWoken = true;
    nap?.end();
  }

  function sleep(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      nap = {
        end: () => {
          clearTimeout(timer);
          resolve();
        },
      };
    });
  }

  return {
    async start() {
      if (state === 'running') return;
      head = await openLog(context, record);
      shown = head;
      isStopping = false;
      state = 'running';
      running = run();
    },
    async stop() {
      isStopping = true;
      nap?.end();
      await running;
      if (state === 'running') state = 'stopped';
      waiters.refuseAll('the sequencer was stopped');
    },
    wake,
    async waitFor(evidenceId) {
      if (state === 'failed' || state === 'stopped') {
        throw new ProblemError('evidence.unavailable', {
          internal: reason ?? `sequencer ${state}`,
        });
      }
      const waiting = waiters.waitFor(evidenceId);
      wake();
      return waiting;
    },
    health: () => ({ state, size: shown?.size ?? 0, ...(reason !== undefined && { reason }) }),
    published() {
      if (!shown) throw new ProblemError('evidence.unavailable', { internal: 'not started' });
      return shown;
    },
  };
}

function isFatal(error: unknown): boolean {
  return error instanceof LedgerStartError || error instanceof SealError;
}
