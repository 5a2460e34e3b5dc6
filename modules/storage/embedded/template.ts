import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { StorageError } from '../database-error.ts';

const require = createRequire(import.meta.url);

/** Where the template of the installed engine's version lies in a cache. */
export function templatePath(cacheDirectory: string): string {
  return join(cacheDirectory, `pglite-${engineVersion()}.tar`);
}

/** The template's bytes: from the cache, or built now (3 to 5 s) and kept there for next time. */
export async function loadTemplate(cacheDirectory?: string): Promise<Uint8Array<ArrayBuffer>> {
  if (cacheDirectory === undefined) return buildInThread();
  const path = templatePath(cacheDirectory);
  const cached = await readFile(path).catch(() => undefined);
  if (cached) return new Uint8Array(cached);
  const built = await buildInThread();
  await keep(path, cacheDirectory, built);
  return built;
}

async function keep(path: string, directory: string, bytes: Uint8Array): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  try {
    await mkdir(directory, { recursive: true });
    const file = await open(unfinished, 'wx', 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await rename(unfinished, path);
  } catch {
    // A cache that cannot be written costs time at the next first open, nothing else.
    await rm(unfinished, { force: true }).catch(() => undefined);
  }
}

function buildInThread(): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./template-worker.ts', import.meta.url));
    worker.once('message', (bytes: Uint8Array<ArrayBuffer>) => {
      resolve(bytes);
      void worker.terminate();
    });
    worker.once('error', (cause) => {
      reject(new StorageError('the embedded database could not be initialised', { cause }));
    });
  });
}

function engineVersion(): string {
  // The package's only export that tells where it lies is its entry, in dist/.
  const entry = require.resolve('@electric-sql/pglite');
  const manifest: unknown = require(join(entry, '..', '..', 'package.json'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
