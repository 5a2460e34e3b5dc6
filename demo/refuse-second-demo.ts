import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const LockOwner = z.object({ pid: z.int().positive() });

/**
 * Says so when a demo of this folder runs already. What only looks so is left to the database’s own
 * lock, which knows an ended process from one that runs.
 *
 * @throws Error with a sentence for whoever started it.
 */
export function refuseSecondDemo(directory: string): void {
  const pid = readOwner(join(directory, 'database/lock'));
  if (pid === undefined || !runs(pid)) return;
  throw new Error(`This demo already runs (process ${pid}). Stop it with Ctrl-C.`);
}

function readOwner(path: string): number | undefined {
  try {
    return LockOwner.parse(JSON.parse(readFileSync(path, 'utf8'))).pid;
  } catch {
    return undefined;
  }
}

function runs(pid: number): boolean {
  try {
    // Signal 0 is sent to nobody: it only asks.
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
