import { mkdirSync, rmdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { buildAll } from '../../../tools/build/build-all.ts';
import { cacheDirectory } from '../../harness/open-test-storage.ts';

const WAIT_MAX_MS = 50_000;

/** Builds the pages where they are older than their sources. One test file at a time: they share the folder. */
export async function buildPages(): Promise<void> {
  mkdirSync(cacheDirectory, { recursive: true });
  const lock = join(cacheDirectory, 'building-pages');
  for (let waitedMs = 0; !take(lock); waitedMs += 50) {
    if (waitedMs >= WAIT_MAX_MS) throw new Error(`another build left ${lock}: delete it`);
    await delay(50);
  }
  try {
    await buildAll({ onlyStale: true, say: () => undefined });
  } finally {
    rmdirSync(lock);
  }
}

/** Making a folder is atomic: exactly one of several processes makes it. */
function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}
