import { Worker } from 'node:worker_threads';
import type { Compiled, CompileJob, FromCompiler } from './messages.ts';

/** A thread that compiles one set at a time. */
export interface CompileThread {
  /** @throws Error when the thread failed; it is of no use any more then */
  run(job: CompileJob): Promise<Compiled>;
  /** Ends it, whatever it does. What it was running never comes. */
  end(): void;
}

/** Starts a thread; a set that needs more memory ends it, and nothing else. */
export function startCompileThread({ memoryMaxMb }: { memoryMaxMb: number }): CompileThread {
  const worker = new Worker(new URL('./compile-worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: memoryMaxMb },
  });
  let answer: ((message: FromCompiler) => void) | undefined;
  const settle = (message: FromCompiler) => {
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
        answer = (message) =>
          'compiled' in message ? resolve(message.compiled) : reject(failure(message));
        worker.ref();
        worker.postMessage(job);
      }),
    end: () => void worker.terminate(),
  };
}

/** The thread itself has failed, so it cannot be used again. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

function failure({ error, isOver }: Exclude<FromCompiler, { compiled: Compiled }>): Error {
  return isOver ? new ThreadLost(error) : new Error(error);
}
