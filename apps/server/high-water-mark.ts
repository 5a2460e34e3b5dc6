import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HighWaterMark } from '@proofline/ledger';

/** The newest checkpoint in a file beside the database, replaced atomically and synced each time. */
export function createHighWaterMark(path: string): HighWaterMark {
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
      await mkdir(dirname(path), { recursive: true });
      const file = await open(`${path}.new`, 'w', 0o600);
      try {
        await file.writeFile(checkpoint);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.new`, path);
      // The rename itself must reach the disk, or a power cut brings the older mark back.
      const folder = await open(dirname(path), 'r');
      try {
        await folder.sync();
      } finally {
        await folder.close();
      }
    },
  };
}
