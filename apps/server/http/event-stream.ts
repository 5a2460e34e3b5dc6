import type { ServerEvent } from '@proofline/protocol';

const HEARTBEAT: ServerEvent = { event: 'heartbeat', data: {} };
const SESSION_ENDED: ServerEvent = { event: 'session.ended', data: {} };
const SESSION_LOCKED: ServerEvent = { event: 'session.locked', data: {} };
const SESSION_UNLOCKED: ServerEvent = { event: 'session.unlocked', data: {} };
const HEARTBEAT_MS = 1_000;
const QUEUE_MAX = 256;

/** One open stream: a bounded queue, and a reader that waits for it. */
export interface EventStream extends AsyncIterableIterator<ServerEvent> {
  push(event: ServerEvent): void;
  /** What is still queued is dropped; a given event is told as the last one. */
  end(last?: ServerEvent): void;
  endBySession(): void;
  /** Asks its `check` now, and not at the next heartbeat. */
  lookAgain(): void;
}

/** @see EventStream */
export function createEventStream(options: {
  /** Asked before every event, and at least at every heartbeat. */
  readonly check: () => Promise<'as-before' | 'changed' | 'session-ended' | 'session-locked'>;
  /** Called once, at the end, whichever side ended it. */
  readonly onEnd: () => void;
}): EventStream {
  const queue: ServerEvent[] = [HEARTBEAT];
  let wake = () => {};
  let isEnded = false;
  let isLocked = false;

  const end = (last?: ServerEvent) => {
    if (isEnded) return;
    isEnded = true;
    queue.length = 0;
    if (last !== undefined) queue.push(last);
    options.onEnd();
    wake();
  };
  const news = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, HEARTBEAT_MS);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  /** P6: a stream that was opened in time outlives its session, desk and roles by a heartbeat at most. */
  const endUnlessAsBefore = async () => {
    const found = await options.check();
    if (found === 'session-ended') end(SESSION_ENDED);
    // What was queued was for who they were. They connect again, and ask for what they may see now.
    else if (found === 'changed') end();
    // It may have ended while the check was out.
    else if (!isEnded) hush(found === 'session-locked');
  };
  /** While it is locked it tells of nothing; who unlocks it asks for everything anew. */
  const hush = (locked: boolean) => {
    if (locked) queue.length = 0;
    if (locked !== isLocked) queue.push(locked ? SESSION_LOCKED : SESSION_UNLOCKED);
    isLocked = locked;
  };
  const nextEvent = async (): Promise<ServerEvent | undefined> => {
    if (!isEnded && queue.length === 0) await news();
    if (!isEnded) await endUnlessAsBefore();
    return queue.shift() ?? (isEnded ? undefined : HEARTBEAT);
  };
  return {
    push(event) {
      if (isEnded) return;
      queue.push(event);
      // A reader that is this late starts anew and asks for everything: events are never left out.
      if (queue.length > QUEUE_MAX) end();
      wake();
    },
    end,
    endBySession: () => end(SESSION_ENDED),
    lookAgain: () => wake(),
    async next() {
      try {
        const value = await nextEvent();
        return value === undefined ? { done: true, value: undefined } : { done: false, value };
      } catch (error) {
        // P7: a session that cannot be looked up counts as none.
        end();
        throw error;
      }
    },
    async return() {
      end();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
