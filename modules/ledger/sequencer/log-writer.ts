import type { Context } from '../context.ts';
import type { Head } from '../store/head-rows.ts';
import { adoptHead } from './adopt-head.ts';
import { HeadMovedError, sequenceBatch } from './sequence-batch.ts';
import type { Waiters } from './waiters.ts';

/** The log's end as this process knows it, and the one way to move it. */
export interface LogWriter {
  /** The newest head whose checkpoint is on the high-water mark. Nothing newer is shown to anybody. */
  shown(): Head;
  /** One batch, and its checkpoint on the mark. Answers whether there may be more to do. */
  turn(): Promise<boolean>;
}

/** Writes on from a head that was checked. */
export function createLogWriter(
  parts: {
    readonly context: Context;
    readonly waiters: Waiters;
    /** Told which entries have come into the log. */
    confirm(evidenceIds: Iterable<string>): void;
  },
  start: Head,
): LogWriter {
  const { context, waiters } = parts;
  const { rows, storage, mark } = context;
  let head = start;
  let shown = start;

  /** The database has committed; now the mark; only then may anybody see the checkpoint. */
  async function publish(): Promise<void> {
    if (head === shown) return;
    await mark.write(head.checkpoint);
    shown = head;
  }

  /** Those whose entry had been sequenced before they asked, by this or another sequencer. */
  async function settleEarlier(): Promise<void> {
    const ids = waiters.ids();
    if (ids.length === 0) return;
    const found = await rows.entries.findByIds(storage.db, ids);
    if (found.some(({ index }) => index >= head.size)) head = await adoptHead(context, head);
    await publish();
    for (const { evidenceId, index } of found) {
      if (index < shown.size) waiters.settle(evidenceId, index);
    }
  }

  async function nextBatch() {
    try {
      return await sequenceBatch(context, head);
    } catch (error) {
      if (!(error instanceof HeadMovedError)) throw error;
      head = await adoptHead(context, head);
      return 'moved';
    }
  }

  return {
    shown: () => shown,
    async turn() {
      // What an earlier turn could not put on the mark comes before anything new.
      await publish();
      const batch = await nextBatch();
      if (batch === 'moved') return true;
      if (batch === undefined) {
        await settleEarlier();
        return false;
      }
      head = batch.head;
      await publish();
      for (const [evidenceId, index] of batch.indexes) waiters.settle(evidenceId, index);
      parts.confirm(batch.indexes.keys());
      await rows.outbox.remove(storage.db, batch.taken);
      return true;
    },
  };
}
