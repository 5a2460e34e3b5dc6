import { Worker } from 'node:worker_threads';
import { DatabaseError, StorageError } from '../database-error.ts';
import type { Session, StatementResult } from '../session-pool.ts';
import type { EngineAnswer, EngineRequest, EngineSetup } from './messages.ts';

/** The embedded engine, seen from the main thread. */
export interface Engine extends Session {
  close(): Promise<void>;
}

interface Waiter {
  resolve(result: StatementResult): void;
  reject(error: Error): void;
}

/**
 * Starts the engine's thread; `onLost` is told when it ends by itself.
 * @throws StorageError when it cannot start or fails the durability probe.
 */
export async function startEngine(
  setup: EngineSetup,
  onLost: (error: Error) => void,
): Promise<Engine> {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { workerData: setup });
  const waiters = new Map<number, Waiter>();
  let lost: StorageError | undefined;
  let isClosing = false;
  let lastId = 0;

  function lose(cause: unknown): void {
    if (lost) return;
    lost = new StorageError('the embedded database’s thread has ended', { cause });
    // Every caller learns it: a query that is never answered would hold its request forever.
    for (const waiter of waiters.values()) waiter.reject(lost);
    waiters.clear();
    if (!isClosing) onLost(lost);
  }
  worker.on('error', lose);
  worker.on('exit', (code) => lose(new Error(`exit code ${code}`)));
  worker.on('message', (message: EngineAnswer) => {
    const waiter = waiters.get(message.id);
    waiters.delete(message.id);
    if ('error' in message) waiter?.reject(new DatabaseError(message.error));
    else waiter?.resolve(message.result);
  });

  function expectAnswer(id: number): Promise<StatementResult> {
    return new Promise((resolve, reject) => waiters.set(id, { resolve, reject }));
  }
  async function ask(request: EngineRequest): Promise<StatementResult> {
    if (lost) throw lost;
    const answered = expectAnswer(request.id);
    worker.postMessage(request);
    return await answered;
  }
  function nextId(): number {
    lastId += 1;
    return lastId;
  }

  try {
    await expectAnswer(0);
  } catch (cause) {
    isClosing = true;
    await worker.terminate();
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw new StorageError(`the embedded database did not start: ${reason}`, { cause });
  }
  return {
    run: (sql, parameters) => ask({ id: nextId(), sql, parameters }),
    async close() {
      isClosing = true;
      if (!lost) await ask({ id: nextId(), close: true });
      await worker.terminate();
    },
  };
}
