import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HighWaterMark } from '../types.ts';

/**
 * The high-water mark as a file beside the database: the signed checkpoint itself. Written whole or
 * not at all (new file, fsync, rename, fsync of the directory). Keep it out of the database's backups.
 */
export function fileHighWaterMark(path: string): HighWaterMark {
  return {
    async read() {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(checkpoint) {
      const directory = dirname(path);
      await mkdir(directory, { recursive: true, mode: 0o700 });
      // One name for all drafts: what a crash leaves behind is overwritten by the next write.
      const draft = `${path}.new`;
      await writeDurably(draft, checkpoint);
      await rename(draft, path);
      await syncDirectory(directory);
    },
  };
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A file that was made in a directory is there for good. */
export async function syncDirectory(path: string): Promise<void> {
  // Windows cannot open a directory; there the rename itself is journalled.
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
