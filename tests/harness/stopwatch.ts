import { readdirSync, readFileSync } from 'node:fs';

/** How long something takes on a machine that does something else as well. */
export interface Stopwatch {
  /**
   * Milliseconds since the start, without those in which this process, or the busiest one that it started,
   * was ready to go on and stood in line for a processor. What they waited for (a timer, an answer) counts.
   */
  tookMs(): number;
}

/** Starts one. Where the system does not say who stood in line (only Linux does), every millisecond counts. */
export function startStopwatch(): Stopwatch {
  const startedAtMs = performance.now();
  const before = waits();
  return {
    tookMs() {
      const passedMs = performance.now() - startedAtMs;
      const waited = [...waits()].map(([pid, ms]) => [pid, ms - (before.get(pid) ?? 0)] as const);
      const own = waited.find(([pid]) => pid === process.pid)?.[1] ?? 0;
      const others = waited.flatMap(([pid, ms]) => (pid === process.pid ? [] : [ms]));
      return passedMs - own - Math.max(0, ...others);
    },
  };
}

/** Process → milliseconds that its first thread has stood in line so far; ours and all that come from it. */
function waits(): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const children = childrenByParent();
  const pids = [process.pid];
  for (const pid of pids) {
    pids.push(...(children.get(pid) ?? []));
    // Time on a processor, time in line, turns; the first two in nanoseconds (sched-stats of the kernel).
    const [, waitedNs] = read(`/proc/${pid}/schedstat`)?.split(' ') ?? [];
    if (waitedNs !== undefined) found.set(pid, Number(waitedNs) / 1e6);
  }
  return found;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const name of list('/proc')) {
    const pid = Number(name);
    const line = Number.isNaN(pid) ? undefined : read(`/proc/${pid}/stat`);
    if (line === undefined) continue;
    // After the name, which may hold anything, come the state and the parent (proc_pid_stat(5)).
    const parent = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  return children;
}

/** A process may end while it is looked at. */
function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
