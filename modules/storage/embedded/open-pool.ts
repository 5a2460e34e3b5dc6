import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { StorageError } from '../database-error.ts';
import type { SessionPool } from '../session-pool.ts';
import { startEngine } from './engine.ts';
import { createExclusivePool } from './exclusive-pool.ts';
import { layTemplate } from './lay-template.ts';
import { takeLock } from './lock-file.ts';
import { loadTemplate } from './template.ts';

/** Where the embedded database lies. */
export interface EmbeddedOptions {
  /** Holds `pgdata/` (PostgreSQL's own files) and `lock`. */
  readonly directory: string;
  readonly cacheDirectory?: string;
  readonly onLost?: (error: Error) => void;
}

/**
 * Opens the embedded database, making it first when there is none.
 * @throws StorageError when it is locked, cannot be written, or does not commit durably.
 */
export async function openEmbeddedPool(options: EmbeddedOptions): Promise<SessionPool> {
  const directory = resolve(options.directory);
  makeDirectory(directory);
  const lock = takeLock(join(directory, 'lock'));
  try {
    const dataDirectory = join(directory, 'pgdata');
    if (!existsSync(dataDirectory)) {
      lay(await loadTemplate(options.cacheDirectory), dataDirectory);
    }
    const engine = await startEngine({ dataDirectory }, (error) => options.onLost?.(error));
    return createExclusivePool(engine, async () => {
      try {
        await engine.close();
      } finally {
        lock.release();
      }
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

function lay(template: Uint8Array, dataDirectory: string): void {
  try {
    layTemplate(template, dataDirectory);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unknown';
    throw new StorageError(`the database cannot be made in ${dataDirectory}: ${reason}`, { cause });
  }
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StorageError(`the database directory ${directory} cannot be made`, { cause });
  }
}
