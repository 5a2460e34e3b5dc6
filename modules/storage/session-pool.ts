/** A statement's outcome. */
export interface StatementResult {
  readonly rows: readonly Record<string, unknown>[];
  /** Rows that an INSERT, UPDATE, DELETE or MERGE touched. */
  readonly affectedRows?: number;
}

/** One connection. Parameters are texts already (see `values.ts`). */
export interface Session {
  /**
   * Runs one statement, or several separated by `;` when there are no parameters.
   * @throws DatabaseError, StorageError
   */
  run(sql: string, parameters: readonly (string | null)[]): Promise<StatementResult>;
}

/** Where connections come from: the only thing that the two engines implement differently. */
export interface SessionPool {
  /** Everybody is lent the same connection, so nobody may begin a transaction on it. */
  readonly isShared?: boolean;
  acquire(): Promise<Session>;
  release(session: Session): Promise<void>;
  close(): Promise<void>;
}
