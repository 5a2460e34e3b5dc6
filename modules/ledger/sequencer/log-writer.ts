import type { Context } from '../context.ts';
import { readReceipt } from '../reading/read-receipt.ts';
import type { Head } from '../store/head-rows.ts';
import { adoptHead } from './adopt-head.ts';
import type { AppendQueue, WaitingAppend } from './append-queue.ts';
import { createPublisher } from './publisher.ts';
import { BATCH_MAX, HeadMovedError, sequenceBatch, type Batch } from './sequence-batch.ts';
import type { Waiters } from './waiters.ts';

/** The log's end as this process knows it, and the one way to move it. */
export interface LogWriter {
  /** The newest head whose checkpoint is on the high-water mark. Nothing newer is shown to anybody. */
  shown(): Head;
  /** One batch; its checkpoint is put on the mark meanwhile. Answers whether there may be more to do. */
  turn(): Promise<boolean>;
  /** Resolves when everything that was committed is on the mark. */
  flush(): Promise<void>;
}

/** Writes on from a head that was checked. */
export function createLogWriter(
  parts: {
    readonly context: Context;
    readonly waiters: Waiters;
    readonly appends: AppendQueue;
    /** Told which entries have come into the log. */
    confirm(evidenceIds: Iterable<string>): void;
  },
  start: Head,
): LogWriter {
  const { context, waiters, appends } = parts;
  const { rows, storage } = context;
  let head = start;
  const publisher = createPublisher(context.mark, start);

  /** Those whose entry had been sequenced before they asked, by this or another sequencer. */
  async function settleEarlier(): Promise<void> {
    const ids = waiters.ids();
    if (ids.length === 0) return;
    const found = await rows.entries.findByIds(storage.db, ids);
    if (found.some(({ index }) => index >= head.size)) await adopt();
    await publisher.flush();
    const shown = publisher.shown();
    for (const row of found) {
      const { index } = row;
      const receipt = () => readReceipt(context, shown, row);
      if (index < shown.size) waiters.settle(row.evidenceId, { index, receipt });
    }
  }

  async function adopt(): Promise<void> {
    head = await adoptHead(context, head);
    publisher.publish(head, () => {});
  }

  async function nextBatch(): Promise<Batch | 'moved' | undefined> {
    const taken = appends.take(BATCH_MAX);
    try {
      return await sequenceBatch(context, { from: head, appended: taken });
    } catch (error) {
      appends.putBack(taken);
      if (!(error instanceof HeadMovedError)) throw error;
      await adopt();
      return 'moved';
    }
  }

  function settle(batch: Batch): void {
    for (const one of batch.placed) {
      if (one.appended) one.appended.settle(one.receipt());
      else waiters.settle(one.evidenceId, one);
    }
    parts.confirm(batch.placed.map(({ evidenceId }) => evidenceId));
  }

  /** Appended before, in a turn of which nobody knew how it ended: it had ended well. */
  async function settleTried(tried: readonly WaitingAppend[]): Promise<void> {
    if (tried.length === 0) return;
    try {
      const byId = new Map<string, WaitingAppend>(tried.map((one) => [one.entry.id, one]));
      const found = await rows.entries.findByIds(storage.db, [...byId.keys()]);
      if (found.some(({ index }) => index >= head.size)) await adopt();
      await publisher.flush();
      for (const row of found) {
        byId.get(row.evidenceId)?.settle(await readReceipt(context, publisher.shown(), row));
      }
    } catch (error) {
      appends.putBack(tried);
      throw error;
    }
  }

  return {
    shown: () => publisher.shown(),
    flush: () => publisher.flush(),
    async turn() {
      // What earlier turns could not put on the mark comes before anything new.
      await publisher.ready();
      const wasBusy = publisher.isBusy();
      const batch = await nextBatch();
      if (batch === 'moved') return true;
      if (batch === undefined) {
        await publisher.flush();
        // Who waits was told just now, or has asked for something that was sequenced before.
        if (!wasBusy) await settleEarlier();
        return wasBusy;
      }
      if (batch.placed.length === 0) {
        await settleTried(batch.alreadyIn);
        return true;
      }
      head = batch.head;
      // From here the next batch is made and committed while this one is put on the mark.
      publisher.publish(head, () => settle(batch));
      await settleTried(batch.alreadyIn);
      await rows.outbox.remove(storage.db, batch.taken);
      return true;
    },
  };
}
