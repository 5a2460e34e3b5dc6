import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { StorageError } from '../database-error.ts';

const BLOCK_BYTES = 512;

/**
 * Makes a data directory out of the template: beside it, synced file by file, then renamed, so that
 * after a power cut there is a whole one or none.
 */
export function layTemplate(template: Uint8Array, dataDirectory: string): void {
  const unfinished = `${dataDirectory}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  const directories = new Set([unfinished]);
  for (const entry of readTar(template)) {
    const path = join(unfinished, entry.name);
    const directory = entry.isDirectory ? path : dirname(path);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    directories.add(directory);
    if (!entry.isDirectory) writeSynced(path, entry.content);
  }
  if (!existsSync(join(unfinished, 'PG_VERSION'))) {
    throw new StorageError(
      'the embedded database’s template is damaged: delete it and start again',
    );
  }
  for (const directory of directories) syncDirectory(directory);
  renameSync(unfinished, dataDirectory);
  syncDirectory(dirname(dataDirectory));
}

function writeSynced(path: string, content: Uint8Array): void {
  const descriptor = openSync(path, 'wx', 0o600);
  try {
    for (let written = 0; written < content.length;) {
      written += writeSync(descriptor, content, written);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes the names in a directory durable. */
function syncDirectory(path: string): void {
  // Windows cannot open a directory; its file system journals names by itself.
  if (process.platform === 'win32') return;
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

interface TarEntry {
  readonly name: string;
  readonly isDirectory: boolean;
  readonly content: Uint8Array;
}

/** The entries of a POSIX.1-1988 (ustar) archive, which is what PGlite writes. */
function* readTar(tar: Uint8Array): Generator<TarEntry> {
  for (let offset = 0; offset + BLOCK_BYTES <= tar.length;) {
    const header = tar.subarray(offset, offset + BLOCK_BYTES);
    const name = normalize(field(header, 0, 100)).replace(/^\/+/, '');
    if (name === '.') return;
    if (name.startsWith('..'))
      throw new StorageError('the template’s archive leaves its directory');
    const sizeBytes = Number.parseInt(field(header, 124, 12) || '0', 8);
    const start = offset + BLOCK_BYTES;
    const isDirectory = field(header, 156, 1) === '5';
    yield { name, isDirectory, content: tar.subarray(start, start + sizeBytes) };
    offset = start + Math.ceil(sizeBytes / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

function field(header: Uint8Array, start: number, length: number): string {
  const bytes = header.subarray(start, start + length);
  const end = bytes.indexOf(0);
  return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end))
    .toString('utf8')
    .trim();
}
