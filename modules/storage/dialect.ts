import {
  CompiledQuery,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { StorageError } from './database-error.ts';
import type { Session, SessionPool } from './session-pool.ts';
import { encodeParameter } from './values.ts';

/** Kysely's PostgreSQL over a {@link SessionPool}: the same for both engines. */
export function createDialect(pool: SessionPool): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new SessionDriver(pool),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

class SessionConnection implements DatabaseConnection {
  readonly session: Session;
  constructor(session: Session) {
    this.session = session;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const result = await this.session.run(query.sql, query.parameters.map(encodeParameter));
    const { affectedRows } = result;
    return {
      // The row type is what the caller's table types declare; Kysely checks the query against them.
      rows: result.rows as R[],
      ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }),
    };
  }

  // oxlint-disable-next-line require-yield -- the interface asks for a generator; there is none.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('streaming is not supported: read in pages');
  }
}

class SessionDriver implements Driver {
  readonly #pool: SessionPool;
  constructor(pool: SessionPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    return new SessionConnection(await this.#pool.acquire());
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof SessionConnection) await this.#pool.release(connection.session);
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings) {
    if (this.#pool.isShared) throw new StorageError('no transaction on a shared connection');
    const level = settings.isolationLevel ?? 'serializable';
    const mode = settings.accessMode ?? 'read write';
    await connection.executeQuery(CompiledQuery.raw(`begin isolation level ${level} ${mode}`));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async destroy(): Promise<void> {
    await this.#pool.close();
  }
}
