import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** A process and its children that live (proc(5), field 4). PostgreSQL’s have no others. */
export function familyOf(pid: number): readonly number[] {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return [pid, ...children];
}

/** Sends a signal to each of these that still lives. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

/** Resolves when none of these runs any more: what holds a file open keeps its place from being taken away. */
export async function untilGone(pids: readonly number[]): Promise<void> {
  for (let waitedMs = 0; waitedMs < 30_000; waitedMs += 20) {
    if (pids.every((pid) => ['', 'Z', 'X'].includes(stateOf(String(pid))))) return;
    await delay(20);
  }
  throw new Error('a killed process did not end');
}

function parentOf(pid: string): number {
  return Number(statOf(pid)[1]);
}

function stateOf(pid: string): string {
  return statOf(pid)[0] ?? '';
}

/** From the state on; empty when the process has ended. */
function statOf(pid: string): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
