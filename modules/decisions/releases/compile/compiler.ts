import { setImmediate as turn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { assembleRelease, type PolicySet, type ReleaseParts } from '@proofline/policy';
import type { Compiled, CompileJob, FromCompiler, ToCompiler } from './messages.ts';

/** A set that takes longer to compile is given up, and its thread with it. */
const JOB_MAX_MS = 60_000;
/** A set that needs more ends its thread, and nothing else. */
const MEMORY_MAX_MB = 512;
/** A thread that has had nothing to do for so long ends: compiling is rare, and its memory large. */
const IDLE_MAX_MS = 30_000;

/** Compiles policies without keeping a request waiting. */
export interface Compiler {
  /**
   * Parses, validates and compiles on a thread of its own, and decides the named cases there.
   *
   * @throws Error when the thread failed or took too long; nothing is half done then
   */
  lookOver(job: CompileJob): Promise<Compiled>;
  /** Makes the functions of a set that was looked over: on this thread, in slices of milliseconds. */
  assemble(parts: ReleaseParts): Promise<PolicySet>;
}

interface Waiting {
  readonly resolve: (compiled: Compiled) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** One thread for the whole process, started with the first job: what it is told leaves nothing behind. */
function createCompiler(): Compiler {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let jobs = 0;
  const waiting = new Map<number, Waiting>();

  const settle = (jobId: number, how: (one: Waiting) => void) => {
    const one = waiting.get(jobId);
    if (one === undefined) return;
    waiting.delete(jobId);
    clearTimeout(one.timer);
    how(one);
    if (waiting.size > 0) return;
    // Whoever waits holds the process; the thread alone does not.
    worker?.unref();
    idle = setTimeout(end, IDLE_MAX_MS).unref();
  };
  const end = () => {
    const ended = worker;
    worker = undefined;
    void ended?.terminate();
  };
  const failAll = (error: Error) => {
    for (const jobId of waiting.keys()) settle(jobId, ({ reject }) => reject(error));
  };
  const start = (): Worker => {
    const started = new Worker(new URL('./compile-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MAX_MB },
    });
    const isGone = (error: Error) => {
      if (worker !== started) return;
      worker = undefined;
      failAll(error);
    };
    started.on('error', isGone);
    started.on('exit', () => isGone(new Error('the thread that compiles policies ended')));
    started.on('message', (message: FromCompiler) =>
      settle(message.jobId, ({ resolve, reject }) =>
        'compiled' in message ? resolve(message.compiled) : reject(new Error(message.error)),
      ),
    );
    return started;
  };

  return {
    lookOver: (job) =>
      new Promise((resolve, reject) => {
        clearTimeout(idle);
        worker ??= start();
        worker.ref();
        jobs += 1;
        const jobId = jobs;
        const timer = setTimeout(() => {
          end();
          failAll(new Error(`policies took longer than ${JOB_MAX_MS} ms to compile`));
        }, JOB_MAX_MS);
        waiting.set(jobId, { resolve, reject, timer });
        const message: ToCompiler = { jobId, ...job };
        worker.postMessage(message);
      }),
    assemble: (parts) => assembleRelease(parts, turn),
  };
}

/** @see Compiler */
export const compiler: Compiler = createCompiler();
