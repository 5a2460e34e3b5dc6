import type { Kysely } from 'kysely';

/**
 * A connection or an open transaction. A store narrows it to its own tables:
 * `db.withTables<LedgerTables>()`.
 */
export type Db = Kysely<unknown>;

/** One step of a module's schema. Never edited after release: its digest is recorded. */
export interface Migration {
  /** `<module>-<number>`, unique, ordered within its module. */
  readonly id: string;
  /** Why the tables are as they are. */
  readonly why: string;
  /** Portable PostgreSQL, statements separated by `;`. */
  readonly sql: string;
}

/** The database, whichever it is. */
export interface Storage {
  readonly kind: 'embedded' | 'postgres';
  /** For single reads. */
  readonly db: Db;
  /**
   * Runs work in one SERIALIZABLE transaction and commits it durably. Retried on 40001 and 40P01
   * (so: no effects outside of the transaction), at most five times.
   */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** Applies what is not applied yet, in the given order; throws when an applied one was edited. */
  migrate(migrations: readonly Migration[]): Promise<void>;
  close(): Promise<void>;
}
