import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesToHex, type Random } from '@proofline/kernel';

const NAME = /^state-([0-9]{12})\.json$/;

/** Somebody else wrote a newer state: what this process knows is old. */
export class StateMovedError extends Error {
  constructor() {
    super('another process has written a newer state into this directory');
    this.name = 'StateMovedError';
  }
}

/** Numbered texts of which the highest counts. */
export interface StateDirectory {
  /** The newest text; `undefined`: there is none yet. */
  read(): Promise<string | undefined>;
  /**
   * Resolves when the text is on the disk for good, as the one after what was read or written last.
   *
   * @throws StateMovedError when another process was here in between: nothing is to be signed then.
   */
  write(text: string): Promise<void>;
}

/**
 * Files `state-000000000001.json` and up. Each is written apart, synced, and then given its number by a
 * hard link, which fails where that number is taken: two processes never both go on from one state.
 * An older copy that is put back beside the newer ones has a lower number, and does not count.
 */
export function stateDirectory(path: string, random: Random): StateDirectory {
  let current = 0;

  async function numbers(): Promise<number[]> {
    const names = await readdir(path);
    const found = names.map((name) => Number(NAME.exec(name)?.[1] ?? 0));
    return found.filter((number) => number > 0).sort((left, right) => left - right);
  }

  return {
    async read() {
      await mkdir(path, { recursive: true, mode: 0o700 });
      current = (await numbers()).at(-1) ?? 0;
      return current === 0 ? undefined : readFile(join(path, nameOf(current)), 'utf8');
    },
    async write(text) {
      const next = current + 1;
      const draft = join(path, `draft-${bytesToHex(random.bytes(8))}`);
      try {
        await writeDurably(draft, text);
        await link(draft, join(path, nameOf(next)));
      } catch (error) {
        throw isTaken(error) ? new StateMovedError() : error;
      } finally {
        await rm(draft, { force: true });
      }
      await syncDirectory(path);
      // The number was free because a faster process has long removed what had it.
      if (((await numbers()).at(-1) ?? 0) > next) throw new StateMovedError();
      current = next;
      for (const number of await numbers()) {
        if (number < next - 1) await rm(join(path, nameOf(number)), { force: true });
      }
    },
  };
}

function nameOf(number: number): string {
  return `state-${String(number).padStart(12, '0')}.json`;
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; there the link itself is journalled.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
