import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Acknowledged } from './journal.ts';

/** Of each round, however slow the machine is. */
const HEARD_MIN = 11;

/** Where a writer writes, and as what. */
export interface WriterPlace {
  readonly directory: string;
  /** A PostgreSQL server; without it, the embedded database in the directory. */
  readonly url?: string | undefined;
  readonly round: number;
  /** For Node: a module that breaks something in this process. */
  readonly preload?: string;
}

/** A process that writes evidence until it is ended. */
export interface WriterProcess {
  readonly pid: number;
  /** What it has acknowledged so far. */
  readonly heard: readonly Acknowledged[];
  /** Resolves once it has acknowledged enough for the round to mean something, or has ended. */
  readonly underWay: Promise<void>;
  /** Resolves with the code or the signal that it ended with. */
  readonly ended: Promise<number | string | null>;
  /** kill -9; everything that it has said before is heard afterwards. */
  kill(): Promise<void>;
}

/** Starts `evidence-writer.ts`. */
export function startWriter({ directory, url, round, preload }: WriterPlace): WriterProcess {
  const program = join(import.meta.dirname, 'evidence-writer.ts');
  const flags = preload === undefined ? [] : ['--import', preload];
  const child = spawn(
    process.execPath,
    [...flags, program, directory, String(round), ...(url === undefined ? [] : [url])],
    { stdio: ['ignore', 'pipe', preload === undefined ? 'inherit' : 'ignore'] },
  );
  const heard: Acknowledged[] = [];
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    // The writer is our own, and a line is in the pipe whole or not at all.
    heard.push(JSON.parse(line) as Acknowledged);
    if (heard.length >= HEARD_MIN) resolve();
  });
  const ended = once(child, 'close').then(([code, signal]: unknown[]) =>
    typeof signal === 'string' ? signal : Number(code),
  );
  return {
    pid: child.pid ?? 0,
    heard,
    underWay: Promise.race([enough, ended.then(() => undefined)]),
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
