import { sql } from 'kysely';
import type { Db, Storage } from '@proofline/storage';

/**
 * Works on a walled storage as whoever owns its tables. It can be done because one login holds both
 * roles here (ADR 0010); with two logins, nobody on a working connection can.
 */
export async function asOwner<T>(
  { db }: Pick<Storage, 'db'>,
  work: (owner: Db) => Promise<T>,
): Promise<T> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{ role: string }>`select current_user as role`.execute(connection);
    await sql`reset role`.execute(connection);
    try {
      return await work(connection);
    } finally {
      await sql`select set_config('role', ${rows[0]?.role}, false)`.execute(connection);
    }
  });
}
