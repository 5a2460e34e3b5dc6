import type { DatabaseErrorFields } from '../database-error.ts';
import type { StatementResult } from '../session-pool.ts';

/** What the engine's thread is started with. */
export interface EngineSetup {
  /** PostgreSQL's data directory. */
  readonly dataDirectory: string;
}

/** To the thread. */
export type EngineRequest =
  | {
      readonly id: number;
      readonly sql: string;
      readonly parameters: readonly (string | null)[];
    }
  | { readonly id: number; readonly close: true };

/** From the thread: `id` 0 tells whether the start succeeded. */
export type EngineAnswer =
  | { readonly id: number; readonly result: StatementResult }
  | { readonly id: number; readonly error: DatabaseErrorFields }
  /** PostgreSQL has given up (disk full, fsync failed, …); the thread ends after this. */
  | { readonly panic: string };
