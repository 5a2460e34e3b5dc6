import { setImmediate as turn } from 'node:timers/promises';
import { assembleRelease, type PolicySet, type ReleaseParts } from '@proofline/policy';
import { createCompileQueue, type CompileQueue } from './compile-queue.ts';
import { startCompileThread } from './compile-thread.ts';

export type { Urgency } from './compile-queue.ts';

const JOB_MAX_MS = 60_000;
const MEMORY_MAX_MB = 512;
const KEPT_MAX_BYTES = 128 * 2 ** 20;
const IDLE_MAX_MS = 30_000;

/** Compiles policies without keeping a request waiting. */
export interface Compiler {
  /** Parses, validates and compiles on a thread of its own, and decides the named cases there. */
  readonly lookOver: CompileQueue['lookOver'];
  /** Makes the functions of a set that was looked over: on this thread, in slices of milliseconds. */
  assemble(parts: ReleaseParts): Promise<PolicySet>;
}

/** For the whole process: of what a thread is told stays what it found sound, by the whole text, and nothing else. */
export const compiler: Compiler = {
  lookOver: createCompileQueue({
    start: () => startCompileThread({ memoryMaxMb: MEMORY_MAX_MB }),
    jobMaxMs: JOB_MAX_MS,
    keptMaxBytes: KEPT_MAX_BYTES,
    idleMaxMs: IDLE_MAX_MS,
  }).lookOver,
  assemble: (parts) => assembleRelease(parts, turn),
};
