import { sql } from 'kysely';
import { DatabaseError, isRefused, StorageError } from '../database-error.ts';
import type { Db } from '../types.ts';

/** Made by another server that starts at the same time: `duplicate_object`, or its unique index. */
const MADE_MEANWHILE = new Set(['42710', '23505']);

/**
 * Makes the role that a single login takes on for its work, where there is none yet.
 *
 * @throws StorageError that says what to ask of whoever may create roles.
 */
export async function prepareRole(db: Db, name: string): Promise<string> {
  const role = sql.id(name);
  const { rows } = await sql`select 1 from pg_roles where rolname = ${name}`.execute(db);
  if (rows.length === 0) {
    await sql`create role ${role} nologin`.execute(db).catch((error: unknown) => {
      if (!wasMadeMeanwhile(error)) throw sayWhatToAsk(error, name);
    });
  }
  if (!(await canTakeOn(db, name))) {
    await sql`grant ${role} to current_user`.execute(db).catch((error: unknown) => {
      throw sayWhatToAsk(error, name);
    });
  }
  return name;
}

/** Tried, not looked up: what a membership allows differs between PostgreSQL 15 and 16. */
async function canTakeOn(db: Db, name: string): Promise<boolean> {
  try {
    await db.transaction().execute((tx) => sql`set local role ${sql.id(name)}`.execute(tx));
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

function wasMadeMeanwhile(error: unknown): boolean {
  return error instanceof DatabaseError && MADE_MEANWHILE.has(error.code);
}

function sayWhatToAsk(error: unknown, name: string): unknown {
  if (!isRefused(error)) return error;
  return new StorageError(
    `the login of DATABASE_URL may not create the role ${name}, or not take it on. Have ` +
      'somebody run “CREATE ROLE ' +
      `${name} NOLOGIN; GRANT ${name} TO <that login>”, or give two logins with ` +
      'PROOFLINE_DATABASE_OWNER_URL (docs/runbooks/rights-in-the-database.md)',
    { cause: error },
  );
}
