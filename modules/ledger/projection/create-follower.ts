import type { Context } from '../context.ts';
import { followLog } from './follow-log.ts';

/** So much is made up for while somebody waits for a search: at most a second or two. */
const BATCHES_MAX = 10;
const POLL_MS = 5_000;

/** Keeps what the log is searched by up with the log. */
export interface Follower {
  start(): void;
  stop(): Promise<void>;
  /** Catches up; answers how far it is, which is all of the log unless much has come at once. */
  catchUp(): Promise<number>;
}

/** @param logSize how much of the log may be shown */
export function createFollower(context: Context, logSize: () => number): Follower {
  const life: { isStopping: boolean; timer?: NodeJS.Timeout } = { isStopping: false };
  let last: Promise<unknown> = Promise.resolve();

  async function go(): Promise<number> {
    let size = 0;
    for (let batch = 0; batch < BATCHES_MAX && !life.isStopping; batch += 1) {
      size = await followLog(context, logSize());
      if (size >= logSize()) break;
    }
    return size;
  }

  /** One after the other in a process: who asks meanwhile asks for what comes after. */
  function catchUp(): Promise<number> {
    const next = last.then(go, go);
    last = next.catch(() => undefined);
    return next;
  }

  async function turn(): Promise<void> {
    try {
      await catchUp();
    } catch (error) {
      const reason = 'The index of the log could not be brought up to date; it is tried again.';
      if (!life.isStopping) context.onFault?.({ reason, stopped: false, error });
    }
    if (!life.isStopping) plan();
  }

  function plan(): void {
    life.timer = setTimeout(() => void turn(), POLL_MS);
    life.timer.unref();
  }

  return {
    start() {
      life.isStopping = false;
      plan();
    },
    async stop() {
      life.isStopping = true;
      clearTimeout(life.timer);
      await last;
    },
    catchUp,
  };
}
