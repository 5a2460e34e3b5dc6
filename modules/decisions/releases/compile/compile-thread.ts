import { Worker } from 'node:worker_threads';
import type { Compiled, CompileJob, FromCompiler } from './messages.ts';

/** A thread that compiles one set at a time. */
export interface CompileThread {
  /** @throws Error when the thread failed; it is of no use any more then */
  run(job: CompileJob): Promise<Compiled>;
  /** What it held when it last answered. */
  heapBytes(): number;
  /** It has ended, also where nobody was waiting for it: it runs nothing any more. */
  isOver(): boolean;
  /** Ends it, whatever it does. What it was running never comes. */
  end(): void;
}

/**
 * What is made for one set is garbage after it. With little room for new things it is collected while it
 * works: a third of the memory stays, for the same time (measured with 3,000 policies).
 */
const YOUNG_MAX_MB = 8;

/** Starts a thread; a set that needs more memory ends it, and nothing else. */
export function startCompileThread({ memoryMaxMb }: { memoryMaxMb: number }): CompileThread {
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMaxMb, maxYoungGenerationSizeMb: YOUNG_MAX_MB },
  });
  let answer: ((message: FromCompiler) => void) | undefined;
  let heapBytes = 0;
  let isOver = false;
  const settle = (message: FromCompiler) => {
    if ('isOver' in message) isOver ||= message.isOver;
    const told = answer;
    answer = undefined;
    // Whoever waits holds the process; the thread alone does not.
    worker.unref();
    told?.(message);
  };
  worker.on('message', settle);
  worker.on('error', (error: Error) => settle({ error: error.message, isOver: true }));
  worker.on('exit', () => {
    settle({ error: 'the thread that compiles policies ended', isOver: true });
  });
  worker.unref();
  return {
    run: (job) =>
      new Promise((resolve, reject) => {
        answer = (message) => {
          if (!('compiled' in message)) return reject(failure(message));
          heapBytes = message.heapBytes;
          resolve(message.compiled);
        };
        worker.ref();
        worker.postMessage(job);
      }),
    heapBytes: () => heapBytes,
    isOver: () => isOver,
    end: () => void worker.terminate(),
  };
}

/** The thread itself has failed, so it cannot be used again. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

function failure({ error, isOver }: Extract<FromCompiler, { isOver: boolean }>): Error {
  return isOver ? new ThreadLost(error) : new Error(error);
}
