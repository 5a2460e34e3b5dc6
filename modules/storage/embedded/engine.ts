import { Worker } from 'node:worker_threads';
import { DatabaseError, StorageError } from '../database-error.ts';
import type { Session, StatementResult } from '../session-pool.ts';
import type { EngineAnswer, EngineRequest, EngineSetup } from './messages.ts';

/** The embedded engine, seen from the main thread. */
export interface Engine extends Session {
  close(): Promise<void>;
}

/** Longer than any migration takes; shorter than somebody waits before killing the process. */
const ANSWER_MAX_MS = 60_000;

/**
 * Starts the engine's thread; `onLost` is told when it ends by itself.
 * @throws StorageError when it cannot start or fails the durability probe.
 */
export async function startEngine(
  setup: EngineSetup,
  onLost: (error: Error) => void,
): Promise<Engine> {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { workerData: setup });
  const link = new EngineLink(worker, onLost);
  try {
    await link.started;
  } catch (cause) {
    await link.end();
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw new StorageError(`the embedded database did not start: ${reason}`, { cause });
  }
  return {
    run: (sql, parameters) => link.ask({ sql, parameters }),
    async close() {
      await link.askToClose();
      await link.end();
    },
  };
}

interface Waiter {
  resolve(result: StatementResult): void;
  reject(error: Error): void;
  readonly timer: NodeJS.Timeout;
}

/** Requests and answers by number, and what becomes of them when the thread ends. */
class EngineLink {
  /** Settles with the thread's first message, which has the number 0. */
  readonly started: Promise<StatementResult>;
  readonly #worker: Worker;
  readonly #onLost: (error: Error) => void;
  readonly #waiters = new Map<number, Waiter>();
  #lost: StorageError | undefined;
  #isEnding = false;
  #lastId = 0;

  constructor(worker: Worker, onLost: (error: Error) => void) {
    this.#worker = worker;
    this.#onLost = onLost;
    worker.on('error', (cause: Error) => this.#lose(`ended: ${cause.message}`));
    worker.on('exit', (code) => this.#lose(`ended with code ${code}`));
    worker.on('message', (message: EngineAnswer) => this.#receive(message));
    this.started = this.#expect(0);
  }

  async ask(statement: { sql: string; parameters: readonly (string | null)[] }) {
    return this.#send({ id: this.#nextId(), ...statement });
  }

  async askToClose(): Promise<void> {
    this.#isEnding = true;
    if (!this.#lost) await this.#send({ id: this.#nextId(), close: true });
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    await this.#worker.terminate();
  }

  async #send(request: EngineRequest): Promise<StatementResult> {
    if (this.#lost) throw this.#lost;
    const answered = this.#expect(request.id);
    this.#worker.postMessage(request);
    return answered;
  }

  #expect(id: number): Promise<StatementResult> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#lose(`did not answer for ${ANSWER_MAX_MS / 1000} s`);
        void this.#worker.terminate();
      }, ANSWER_MAX_MS);
      this.#waiters.set(id, { resolve, reject, timer });
    });
  }

  #receive(message: EngineAnswer): void {
    if ('panic' in message) {
      this.#lose(`gave up: ${message.panic}`);
      return;
    }
    const waiter = this.#waiters.get(message.id);
    this.#waiters.delete(message.id);
    clearTimeout(waiter?.timer);
    if ('error' in message) waiter?.reject(new DatabaseError(message.error));
    else waiter?.resolve(message.result);
  }

  /** Every caller learns it: a query that is never answered would hold its request forever. */
  #lose(because: string): void {
    if (this.#lost) return;
    this.#lost = new StorageError(`the embedded database ${because}`);
    for (const waiter of this.#waiters.values()) {
      clearTimeout(waiter.timer);
      waiter.reject(this.#lost);
    }
    this.#waiters.clear();
    if (!this.#isEnding) this.#onLost(this.#lost);
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}
