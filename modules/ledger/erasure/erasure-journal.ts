import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from '../sequencer/high-water-mark.ts';

/**
 * The entries of all erasures that took effect, outside of the database and of its backups: whoever
 * restores an older one does not bring back what was erased after it. Holds pseudonyms and places,
 * nothing else.
 */
export interface ErasureJournal {
  /** Leaves, oldest first; the same one may stand twice. */
  read(): Promise<readonly string[]>;
  /** Resolves when it is on the disk for good. */
  append(leaf: string): Promise<void>;
}

/** As a file beside the high-water mark: one leaf a line. Several processes may share it. */
export function fileErasureJournal(path: string): ErasureJournal {
  async function read(): Promise<readonly string[]> {
    try {
      const lines = (await readFile(path, 'utf8')).split('\n');
      // What a crash left half written has no end of line, and did not take effect.
      return lines.slice(0, -1).filter((line) => line.endsWith('}'));
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  }
  return {
    read,
    async append(leaf) {
      if ((await read()).includes(leaf)) return;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a', 0o600);
      try {
        // The line before may have been cut by a crash: then it ends here.
        const { size } = await file.stat();
        await file.writeFile(`${size > 0 ? await separator(path, size) : ''}${leaf}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncDirectory(dirname(path));
    },
  };
}

async function separator(path: string, size: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    return buffer.toString() === '\n' ? '' : '\n';
  } finally {
    await file.close();
  }
}

/** Forgets with its process: for tests, and where nobody gave a place. */
export function memoryErasureJournal(leaves: string[] = []): ErasureJournal {
  return {
    read: async () => [...leaves],
    append: async (leaf) => {
      if (!leaves.includes(leaf)) leaves.push(leaf);
    },
  };
}
