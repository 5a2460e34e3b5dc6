import { constants } from 'node:fs';
import { open, readdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { ReceiverFault, type Receiver } from '@proofline/ledger';

const DEFAULT_MEGABYTES = 100;
/** Appended to by us, read by us and whoever the operator puts into the group; never through a link. */
const FLAGS = constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW;
const MODE = 0o640;

/**
 * Appends each page to a file, for an agent that tails it, and resolves once it is on the disk. A file that
 * has become too large is put aside as `name.1`, `name.2`, …: to be removed by the operator, never by us.
 */
export function appendToFile(
  path: string,
  megabytes: number = DEFAULT_MEGABYTES,
): Receiver['transmit'] {
  return async (records) => {
    try {
      const sizeBytes = await append(path, `${records.join('\n')}\n`);
      if (sizeBytes > megabytes * 1024 * 1024) await putAside(path);
    } catch {
      throw new ReceiverFault('The file cannot be written.');
    }
  };
}

async function append(path: string, text: string): Promise<number> {
  const file = await open(path, FLAGS, MODE);
  try {
    const { size } = await file.stat();
    // A page that was cut off by a crash is sent again; its last line stands alone, and is no record.
    const isCut = size > 0 && (await lastByte(file, size)) !== '\n';
    await file.appendFile(isCut ? `\n${text}` : text);
    await file.sync();
    return (await file.stat()).size;
  } finally {
    await file.close();
  }
}

async function lastByte(file: Awaited<ReturnType<typeof open>>, size: number): Promise<string> {
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString('latin1');
}

async function putAside(path: string): Promise<void> {
  const name = basename(path);
  const numbers = (await readdir(dirname(path)))
    .filter((other) => other.startsWith(`${name}.`))
    .map((other) => Number(other.slice(name.length + 1)))
    .filter(Number.isSafeInteger);
  await rename(path, join(dirname(path), `${name}.${Math.max(0, ...numbers) + 1}`));
}
