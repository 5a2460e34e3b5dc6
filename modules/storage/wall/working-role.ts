import { sql } from 'kysely';
import { DatabaseError, isRefused, StorageError } from '../database-error.ts';
import type { Db } from '../types.ts';
import { WORKING_ROLE } from './wall-rules.ts';

/** Made by another server that starts at the same time: `duplicate_object`, or its unique index. */
const MADE_MEANWHILE = new Set(['42710', '23505']);

/**
 * Makes the role that a single login takes on for its work, where there is none yet.
 *
 * @throws StorageError that says what to ask of whoever may create roles.
 */
export async function prepareWorkingRole(db: Db): Promise<string> {
  const role = sql.id(WORKING_ROLE);
  const { rows } = await sql`select 1 from pg_roles where rolname = ${WORKING_ROLE}`.execute(db);
  if (rows.length === 0) {
    await sql`create role ${role} nologin`.execute(db).catch((error: unknown) => {
      if (!wasMadeMeanwhile(error)) throw sayWhatToAsk(error);
    });
  }
  if (!(await canTakeOn(db))) {
    await sql`grant ${role} to current_user`.execute(db).catch((error: unknown) => {
      throw sayWhatToAsk(error);
    });
  }
  return WORKING_ROLE;
}

/** Tried, not looked up: what a membership allows differs between PostgreSQL 15 and 16. */
async function canTakeOn(db: Db): Promise<boolean> {
  try {
    await db.transaction().execute((tx) => sql`set local role ${sql.id(WORKING_ROLE)}`.execute(tx));
    return true;
  } catch (error) {
    if (isRefused(error)) return false;
    throw error;
  }
}

function wasMadeMeanwhile(error: unknown): boolean {
  return error instanceof DatabaseError && MADE_MEANWHILE.has(error.code);
}

function sayWhatToAsk(error: unknown): unknown {
  if (!isRefused(error)) return error;
  return new StorageError(
    `the login of DATABASE_URL may not create the role ${WORKING_ROLE}, or not take it on. Have ` +
      'somebody run “CREATE ROLE ' +
      `${WORKING_ROLE} NOLOGIN; GRANT ${WORKING_ROLE} TO <that login>”, or give two logins with ` +
      'PROOFLINE_DATABASE_OWNER_URL (docs/runbooks/rights-in-the-database.md)',
    { cause: error },
  );
}
