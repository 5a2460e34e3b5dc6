import { PGlite } from '@electric-sql/pglite';
import { createStorage, type StorageParts } from '../create-storage.ts';
import { DatabaseError, toErrorFields } from '../database-error.ts';
import { createExclusivePool } from '../embedded/exclusive-pool.ts';
import { runOnPglite, valueOptions } from '../embedded/pglite-session.ts';
import type { Storage } from '../types.ts';

/** An in-memory engine that can be handed from one test to the next. */
export interface MemoryEngine {
  /** A storage over the engine; closing it empties the engine and keeps it running. */
  open(ports?: Pick<StorageParts, 'clock' | 'random'>): Storage;
  stop(): Promise<void>;
}

/** Starts PGlite in memory, in this thread, from a template (a data directory's tar). Tests only. */
export async function startMemoryEngine(template: Blob): Promise<MemoryEngine> {
  const pglite = await PGlite.create({
    ...valueOptions,
    loadDataDir: template,
    startParams: [
      ...PGlite.defaultStartParams,
      '-c',
      'shared_buffers=16MB',
      // Whole pages in the log are for torn writes to a disk; they cost a tenth of a schema's time.
      '-c',
      'full_page_writes=off',
    ],
  });
  const session = {
    run: (sql: string, parameters: readonly (string | null)[]) =>
      runOnPglite(pglite, sql, parameters).catch((error: unknown) => {
        throw new DatabaseError(toErrorFields(error));
      }),
  };
  return {
    open(ports = {}) {
      const pool = createExclusivePool(session, async () => {
        await pglite.exec('rollback; reset role; drop schema public cascade; create schema public');
      });
      return createStorage({ kind: 'embedded', pool, ...ports });
    },
    stop: () => pglite.close(),
  };
}
