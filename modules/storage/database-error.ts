/**
 * What the database said, without what it quoted: PostgreSQL's `detail` repeats row values, which
 * are personal data and must not reach a log.
 */
export class DatabaseError extends Error {
  /** SQLSTATE, five characters; `XX000` when there was none. */
  readonly code: string;
  readonly constraint: string | undefined;
  readonly table: string | undefined;
  constructor(fields: DatabaseErrorFields) {
    super(`${fields.code}: ${fields.message}`);
    this.name = 'DatabaseError';
    this.code = fields.code;
    this.constraint = fields.constraint;
    this.table = fields.table;
  }
}

/** The same as plain data, which survives the way between two threads. */
export interface DatabaseErrorFields {
  readonly code: string;
  readonly message: string;
  readonly constraint?: string;
  readonly table?: string;
}

/** The storage cannot be used (any more): not opened, lost, closed, or busy for too long. */
export class StorageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StorageError';
  }
}

/** Whether a statement failed because the row exists already (SQLSTATE 23505). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (!(error instanceof DatabaseError) || error.code !== '23505') return false;
  return constraint === undefined || error.constraint === constraint;
}

/** Whether the role lacks the right to a statement (SQLSTATE 42501). */
export function isRefused(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '42501';
}

/** Serialization failure, deadlock or a stale plan: the same work may succeed when it is done again. */
export function isRetryable(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  return error.code === '40001' || error.code === '40P01' || isStalePlan(error);
}

/** Whether a prepared statement is of a table as it was before it was changed (a migration elsewhere). */
export function isStalePlan({
  code,
  message,
}: Pick<DatabaseErrorFields, 'code' | 'message'>): boolean {
  return code === '0A000' && message.includes('cached plan must not change result type');
}

/** Takes from a driver's error what may be kept. */
export function toErrorFields(error: unknown): DatabaseErrorFields {
  const source: Record<string, unknown> = typeof error === 'object' && error ? { ...error } : {};
  const code = typeof source['code'] === 'string' ? source['code'] : 'XX000';
  const message = error instanceof Error ? error.message : 'the database failed without a message';
  return {
    code,
    // Only some messages quote a value, always in double quotes and always in class 22.
    message: code.startsWith('22') ? message.replace(/"[^"]*"/g, '"…"') : message,
    ...(typeof source['constraint'] === 'string' && { constraint: source['constraint'] }),
    ...(typeof source['table'] === 'string' && { table: source['table'] }),
  };
}
