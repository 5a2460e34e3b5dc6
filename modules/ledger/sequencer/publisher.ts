import type { Head } from '../store/head-rows.ts';
import type { HighWaterMark } from '../types.ts';

/** Batches that may be committed and not yet on the mark while another one is made. */
const AHEAD_MAX = 1;

/** Puts committed heads on the high-water mark, in order; only then may anybody see them. */
export interface Publisher {
  /** The newest head that is on the mark. */
  shown(): Head;
  /** Begins to put a head on the mark; then `onShown` is called. Does not wait, and never throws. */
  publish(head: Head, onShown: () => void): void;
  /** Whether something is on its way to the mark. */
  isBusy(): boolean;
  /** Resolves when so little is on its way that another batch may be made. @throws what the mark threw */
  ready(): Promise<void>;
  /** Resolves when all of it is on the mark. @throws what the mark threw */
  flush(): Promise<void>;
}

interface Committed {
  readonly head: Head;
  readonly onShown: () => void;
}

/**
 * The database commits first: a mark that is older than the database says nothing false, a newer one
 * would say that the database was set back. What cannot be put on the mark stays, and is tried again
 * by whoever asks next.
 */
export function createPublisher(mark: HighWaterMark, start: Head): Publisher {
  let shown = start;
  let committed: Committed[] = [];
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    for (let last = committed.at(-1); last; last = committed.at(-1)) {
      const now = committed;
      await mark.write(last.head.checkpoint);
      // One mark stands for all that was committed before it.
      committed = committed.slice(now.length);
      shown = last.head;
      for (const { onShown } of now) onShown();
    }
  }

  function write(): Promise<void> {
    writing ??= writeAll().finally(() => {
      writing = undefined;
    });
    return writing;
  }

  return {
    shown: () => shown,
    isBusy: () => committed.length > 0,
    publish(head, onShown) {
      committed = [...committed, { head, onShown }];
      // Who asks next is told, and tries again.
      write().catch(() => {});
    },
    async ready() {
      if (committed.length > AHEAD_MAX || (committed.length > 0 && !writing)) await write();
    },
    flush: () => (committed.length > 0 ? write() : Promise.resolve()),
  };
}
