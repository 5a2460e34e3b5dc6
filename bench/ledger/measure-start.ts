import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nextMessage } from '../decisions/next-message.ts';

/** From nothing to the first event that is logged, on the embedded database. */
export interface Start {
  readonly what: 'first of all' | 'a new directory' | 'again';
  readonly loggedMs: number;
  readonly residentMb: number;
}

/** A start that has to make the template, one with it, and one where the database is there already. */
export async function measureStarts(): Promise<Start[]> {
  const directory = mkdtempSync(join(tmpdir(), 'proofline-bench-'));
  const cache = join(directory, 'cache');
  const starts: Start[] = [];
  try {
    for (const [what, where] of [
      ['first of all', 'one'],
      ['a new directory', 'two'],
      ['again', 'two'],
    ] as const) {
      const child = fork(join(import.meta.dirname, 'start-process.ts'), [
        join(directory, where),
        cache,
      ]);
      const said = await nextMessage<Omit<Start, 'what'>>(child);
      starts.push({ what, ...said });
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  return starts;
}
