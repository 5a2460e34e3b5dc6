import { ThreadLost, type CompileThread } from './compile-thread.ts';
import type { Compiled, CompileJob } from './messages.ts';

/** `urgent`: what is or becomes live, for everybody or for some. Proposals, readings and shadows can wait. */
export type Urgency = 'urgent' | 'ordinary';

/** What a queue is made of. */
export interface QueueParts {
  readonly start: () => CompileThread;
  /** A set that takes longer, from when it is begun, is given up, and its thread with it. */
  readonly jobMaxMs: number;
  /** The first thread stays, warm, for as long as its heap is no larger. */
  readonly keptMaxBytes: number;
  /** The second one, or one that holds more, ends when it has had nothing to do for so long. */
  readonly idleMaxMs: number;
}

/** Jobs in line, and the threads that do them. */
export interface CompileQueue {
  /** @throws Error when the thread failed or took too long; nothing is half done then */
  lookOver(job: CompileJob, urgency: Urgency): Promise<Compiled>;
}

interface Waiting {
  readonly job: CompileJob;
  readonly resolve: (compiled: Compiled) => void;
  readonly reject: (error: unknown) => void;
}

interface Lane {
  readonly takes: readonly Urgency[];
  readonly stays: boolean;
  isBusy: boolean;
  thread: CompileThread | undefined;
  idle: NodeJS.Timeout | undefined;
}

/**
 * One thread does everything, one after the other, what is urgent first. While it is busy, a second one
 * does what is urgent: nobody’s large proposal delays a rollback.
 *
 * The first one stays, since a second start costs more than compiling does: modules, WebAssembly, the
 * schema. Ending it would hardly give any memory back.
 */
export function createCompileQueue(parts: QueueParts): CompileQueue {
  const { start, jobMaxMs, keptMaxBytes, idleMaxMs } = parts;
  const waiting: Record<Urgency, Waiting[]> = { urgent: [], ordinary: [] };
  const laneOf = (takes: Lane['takes'], stays: boolean): Lane => {
    return { takes, stays, isBusy: false, thread: undefined, idle: undefined };
  };
  const lanes = [laneOf(['urgent', 'ordinary'], true), laneOf(['urgent'], false)];

  const end = (lane: Lane) => {
    lane.thread?.end();
    lane.thread = undefined;
  };
  const run = async (lane: Lane, { job, resolve, reject }: Waiting): Promise<void> => {
    lane.isBusy = true;
    clearTimeout(lane.idle);
    // One that ended while it had nothing to do told nobody.
    if (lane.thread?.isOver()) lane.thread = undefined;
    const thread = (lane.thread ??= start());
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      late.reject(new ThreadLost(`policies took longer than ${jobMaxMs} ms to compile`));
    }, jobMaxMs);
    try {
      resolve(await Promise.race([thread.run(job), late.promise]));
    } catch (error) {
      if (error instanceof ThreadLost) end(lane);
      reject(error);
    }
    clearTimeout(timer);
    const isKept = lane.stays && (lane.thread?.heapBytes() ?? 0) <= keptMaxBytes;
    if (!isKept) lane.idle = setTimeout(() => end(lane), idleMaxMs).unref();
    lane.isBusy = false;
    next();
  };
  const next = () => {
    for (const lane of lanes) {
      if (lane.isBusy) continue;
      const urgency = lane.takes.find((one) => waiting[one].length > 0);
      const one = urgency && waiting[urgency].shift();
      if (one) void run(lane, one);
    }
  };

  return {
    lookOver: (job, urgency) => {
      const asked = Promise.withResolvers<Compiled>();
      // Whoever asked may be gone by the time a thread is given up: that ends no process.
      asked.promise.catch(() => undefined);
      waiting[urgency].push({ job, ...asked });
      next();
      return asked.promise;
    },
  };
}
