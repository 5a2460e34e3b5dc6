import type { Kysely } from 'kysely';

/**
 * A connection or an open transaction. A store narrows it to its own tables:
 * `db.withTables<LedgerTables>()`.
 */
export type Db = Kysely<unknown>;

/** Rows for one table, as `insertOf` makes them. */
export interface Insert {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The values of each row, in the order of the columns. */
  readonly rows: readonly (readonly unknown[])[];
}

/** One step of a module's schema. Never edited after release: its digest is recorded. */
export interface Migration {
  /** `<module>-<number>`, unique, ordered within its module. */
  readonly id: string;
  /** Why the tables are as they are. */
  readonly why: string;
  /** Portable PostgreSQL, statements separated by `;`. */
  readonly sql: string;
  /** What the second wall says of tables of this or an earlier step; applied at every start. */
  readonly wall?: WallRules;
}

/** What the database itself holds a server to, besides its tenant (ADR 0010). */
export interface WallRules {
  /** By table: rows are never changed, never removed, or neither. */
  readonly kept?: Readonly<Record<string, 'append-only' | 'never-changed' | 'never-removed'>>;
  /** By table: rows are never removed, and of them these columns only are ever changed. */
  readonly changing?: Readonly<Record<string, readonly string[]>>;
  /**
   * By table: what the role of erasures may, and the working role may not: remove rows, change these
   * columns. Everything else is closed to it ({@link Storage.erase}).
   */
  readonly erased?: Readonly<Record<string, ErasingRights>>;
  /**
   * By table: which rows a desk and a reader may see, as an SQL condition over its columns with
   * `:desk` and `:reader`. It holds within {@link Storage.confined}.
   */
  readonly desks?: Readonly<Record<string, string>>;
}

/** What erasing needs of one table. */
export interface ErasingRights {
  readonly rows?: true;
  readonly columns?: readonly string[];
}

/** How a server stands behind the wall. */
export interface Wall {
  /** The role that its statements run under. */
  readonly role: string;
  /** Whether that role is the login itself, so that no statement leads back to the owner. */
  readonly ownLogin: boolean;
  /**
   * The role of {@link Storage.erase}. `undefined`: the working login is one of its own and nobody
   * gave one that erases, so nothing is erased here.
   */
  readonly erasingRole?: string;
}

/** Somebody at a desk, who reads. */
export interface Reader {
  readonly subjectId: string;
  /** `undefined`: their work is with every desk’s people, and only the tenant confines them. */
  readonly desk: string | undefined;
}

/** The database, whichever it is. */
export interface Storage {
  readonly kind: 'embedded' | 'postgres';
  /** For single reads. */
  readonly db: Db;
  /**
   * For single statements that name the one row they touch, and whose writes need not outlive a crash
   * (unlogged tables): on a server all of them share one connection and do not wait for each other’s
   * answers. Never for a transaction, a list, or a write that is to be on the disk: those behind would wait.
   */
  readonly byKey: Db;
  /**
   * Runs work in one SERIALIZABLE transaction and commits it durably. Retried on 40001 and 40P01
   * (so: no effects outside of the transaction), at most twelve times.
   */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /**
   * Writes rows into several tables, all of them or none, in one statement where they fit: for what
   * reads nothing, and so needs no SERIALIZABLE transaction. Not retried.
   */
  insertAll(inserts: readonly Insert[]): Promise<void>;
  /**
   * Reads what a desk may see, in one transaction that can write nothing: behind the wall, a query
   * without any condition shows no other desk's rows.
   */
  confined<T>(reader: Reader, work: (tx: Db) => Promise<T>): Promise<T>;
  /**
   * {@link Storage.transaction} under the role that may erase what is kept, and may nothing else.
   *
   * @throws StorageError when there is no such login here.
   */
  erase<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /** Whether {@link Storage.erase} can be had here. */
  mayErase(): boolean;
  /** Applies what is not applied yet, in the given order; throws when an applied one was edited. */
  migrate(migrations: readonly Migration[]): Promise<void>;
  /**
   * After `migrate`: from here on every statement runs under a role that owns nothing, sees one
   * tenant, and cannot change what is kept. Checked before it answers.
   *
   * @throws StorageError when the wall cannot be raised or does not stand.
   */
  raiseWall(wall: {
    readonly tenant: string;
    readonly migrations: readonly Migration[];
  }): Promise<Wall>;
  close(): Promise<void>;
}
