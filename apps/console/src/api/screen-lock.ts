import { createStore, type Store } from './store.ts';

/** Why this tab asks the server to lock the session. */
export type LockReason = 'by-hand' | 'idle';

/** Whether the session is locked, as this tab knows. */
export interface ScreenLock {
  readonly isLocked: Store<boolean>;
  /** Locks the screen at once, and then the session at the server. */
  lock(because: LockReason): void;
  /** The server, or another tab by way of it, says how it is. */
  told(isLocked: boolean): void;
  /** Resolves while nothing is locked; requests wait here, and then go on with what was typed. */
  whenOpen(signal?: AbortSignal): Promise<void>;
}

interface LockDeps {
  /** Resolves once the server has answered, whatever it said. */
  readonly tellServer: (because: LockReason) => Promise<void>;
  /** Resolves after the wait, or when it is over anyway. */
  readonly pause: (ms: number) => Promise<void>;
}

/** Before the server is told again, when it could not be reached. */
const AGAIN_MS = 2_000;

/** A {@link ScreenLock} that is open. */
export function createScreenLock({ tellServer, pause }: LockDeps): ScreenLock {
  const isLocked = createStore(false);
  const keepTelling = async (because: LockReason): Promise<void> => {
    while (isLocked.get()) {
      try {
        return await tellServer(because);
      } catch {
        // A screen that is dark in front of a session that is open would be reloaded into it.
        await pause(AGAIN_MS);
      }
    }
  };
  return {
    isLocked,
    lock(because) {
      if (isLocked.get()) return;
      isLocked.set(true);
      void keepTelling(because);
    },
    told: (locked) => isLocked.set(locked),
    whenOpen: (signal) => openAgain(isLocked, signal),
  };
}

function openAgain(isLocked: Store<boolean>, signal?: AbortSignal): Promise<void> {
  if (!isLocked.get()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = isLocked.subscribe(() => {
      if (isLocked.get()) return;
      done();
      resolve();
    });
    const leave = () => {
      done();
      reject(signal?.reason instanceof Error ? signal.reason : new Error('left'));
    };
    const done = () => {
      stop();
      signal?.removeEventListener('abort', leave);
    };
    if (signal?.aborted) leave();
    else signal?.addEventListener('abort', leave, { once: true });
  });
}
