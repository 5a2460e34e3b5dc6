import { sql } from 'kysely';
import type { Clock } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import { isRefused, isUniqueViolation, StorageError } from './database-error.ts';
import type { Db, Migration, Storage } from './types.ts';

/** What {@link applyMigrations} works with. */
export interface MigrationPorts {
  readonly db: Db;
  readonly transaction: Storage['transaction'];
  readonly clock: Clock;
}

const RIVALS_MAX = 5;

type MigrationTables = {
  storage_migrations: { id: string; digest: string; applied_at: Date };
};

/**
 * Applies what is not applied yet, each in a transaction of its own, in the given order.
 *
 * @throws StorageError when an id is given twice, or an applied migration was edited afterwards.
 */
export async function applyMigrations(
  ports: MigrationPorts,
  migrations: readonly Migration[],
): Promise<void> {
  const ids = new Set(migrations.map(({ id }) => id));
  if (ids.size !== migrations.length) throw new StorageError('a migration id is given twice');
  // Two servers that start at once race for the same rows; the loser looks again.
  for (let attempt = 1; ; attempt += 1) {
    try {
      await createRegister(ports.db);
      await applyMissing(ports, migrations);
      return;
    } catch (error) {
      if (attempt === RIVALS_MAX || !isUniqueViolation(error)) throw error;
    }
  }
}

async function createRegister(db: Db): Promise<void> {
  await sql`create table if not exists storage_migrations (
    id text primary key,
    digest text not null,
    applied_at timestamptz not null
  )`
    .execute(db)
    .catch((cause: unknown) => {
      if (!isRefused(cause)) throw cause;
      throw new StorageError(
        'the login may make no tables: give the one that owns them as PROOFLINE_DATABASE_OWNER_URL ' +
          '(docs/runbooks/rights-in-the-database.md)',
        { cause },
      );
    });
}

async function applyMissing(
  ports: MigrationPorts,
  migrations: readonly Migration[],
): Promise<void> {
  const applied = await ports.db
    .withTables<MigrationTables>()
    .selectFrom('storage_migrations')
    .select(['id', 'digest'])
    .execute();
  const digests = new Map(applied.map(({ id, digest }) => [id, digest]));
  for (const migration of migrations) {
    const digest = sha256Base64url(migration.sql);
    const recorded = digests.get(migration.id);
    if (recorded === undefined) await applyOne(ports, migration, digest);
    else if (recorded !== digest) {
      throw new StorageError(
        `migration ${migration.id} was edited after it was applied: add a new one instead`,
      );
    }
  }
}

async function applyOne(
  ports: MigrationPorts,
  migration: Migration,
  digest: string,
): Promise<void> {
  await ports.transaction(async (tx) => {
    // The row first: a rival waits for it here and then fails on the key, before any DDL.
    await tx
      .withTables<MigrationTables>()
      .insertInto('storage_migrations')
      .values({ id: migration.id, digest, applied_at: new Date(ports.clock.now()) })
      .execute();
    await sql.raw(migration.sql).execute(tx);
  });
}
