import { setTimeout as delay } from 'node:timers/promises';
import { Kysely, sql } from 'kysely';
import { systemClock, systemRandom, type Clock, type Random } from '@proofline/kernel';
import { isRetryable, StorageError } from './database-error.ts';
import { createDialect } from './dialect.ts';
import { insertRows, isOneStatement } from './insert-rows.ts';
import { applyMigrations } from './migrations.ts';
import type { SessionPool } from './session-pool.ts';
import { withinTransaction } from './transaction-context.ts';
import type { Db, Reader, Storage } from './types.ts';
import { inspectWall } from './wall/inspect-wall.ts';
import { raiseWall } from './wall/raise-wall.ts';
import { ERASING_ROLE, readRules, settings, WORKING_ROLE } from './wall/wall-rules.ts';
import { createWalledPool } from './wall/walled-pool.ts';
import { inspectErasing, raiseErasing } from './wall/raise-erasing.ts';
import { prepareRole } from './wall/prepare-role.ts';

const ATTEMPTS_MAX = 12;
const FIRST_PAUSE_MS = 4;
const LONGEST_PAUSE_MS = 128;

/** What an opened engine is, and the ports that the storage needs. */
export interface StorageParts {
  readonly kind: Storage['kind'];
  readonly pool: SessionPool;
  /** For {@link Storage.byKey}; where there is none, `pool` serves it. */
  readonly lane?: SessionPool;
  /** Another login, which owns the tables; used for migrations and the wall, then closed. */
  readonly ownerPool?: SessionPool;
  /** Another login, which may erase what is kept and nothing else. */
  readonly erasingPool?: SessionPool;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The {@link Storage} over an opened engine. */
export function createStorage(parts: StorageParts): Storage {
  const pool = createWalledPool(parts.pool);
  const db: Db = new Kysely<unknown>({ dialect: createDialect(pool) });
  const lane = parts.lane && createWalledPool(parts.lane);
  const byKey: Db = lane ? new Kysely<unknown>({ dialect: createDialect(lane) }) : db;
  const clock = parts.clock ?? systemClock;
  const transaction = retrying(db, parts.random ?? systemRandom);
  const owner = openOwner(parts, { db, transaction });
  const eraser = openEraser(parts, { db, transaction });

  async function raise({ tenant, migrations }: Parameters<Storage['raiseWall']>[0]) {
    const rulesOf = readRules(migrations);
    const ownLogin = parts.ownerPool !== undefined;
    const role = ownLogin ? await currentRole(db) : await prepareRole(db, WORKING_ROLE);
    const erasingRole = await eraser.role(ownLogin);
    await owner.transaction(async (tx) => {
      await raiseWall(tx, role, rulesOf);
      if (erasingRole !== undefined) await raiseErasing(tx, erasingRole, rulesOf);
    });
    if (ownLogin) await owner.close();
    const side = { tenant, role: ownLogin ? undefined : role };
    pool.putBehind(side);
    lane?.putBehind(side);
    eraser.putBehind(tenant, erasingRole);
    const faults = await inspectWall(db, tenant, rulesOf);
    if (faults.length > 0) {
      throw new StorageError(`the second wall does not stand: ${faults.slice(0, 5).join('; ')}`);
    }
    if (erasingRole !== undefined) await inspectErasing(db, erasingRole, rulesOf);
    return { role, ownLogin, ...(erasingRole !== undefined && { erasingRole }) };
  }

  return {
    kind: parts.kind,
    db,
    byKey,
    transaction,
    insertAll: (inserts) =>
      isOneStatement(inserts)
        ? insertRows(db, ...inserts)
        : transaction((tx) => insertRows(tx, ...inserts)),
    erase: (work) => eraser.erase(work),
    mayErase: () => eraser.mayErase(),
    confined: (reader, work) => readConfined(db, reader, work),
    migrate: (migrations) => applyMigrations({ ...owner, clock }, migrations),
    raiseWall: raise,
    async close() {
      await db.destroy();
      await owner.close();
      await eraser.close();
      // Kysely forgets the pool of a database that nothing was asked of.
      await pool.close();
      await lane?.close();
    },
  };
}

interface Owner extends Pick<Storage, 'db' | 'transaction'> {
  close(): Promise<void>;
}

/** Whoever makes the tables: a login of its own, or the one that there is. */
function openOwner(parts: StorageParts, own: Pick<Storage, 'db' | 'transaction'>): Owner {
  const { ownerPool } = parts;
  if (ownerPool === undefined) return { ...own, close: async () => {} };
  const db: Db = new Kysely<unknown>({ dialect: createDialect(ownerPool) });
  return {
    db,
    transaction: retrying(db, parts.random ?? systemRandom),
    async close() {
      await db.destroy();
      await ownerPool.close();
    },
  };
}

/** Whoever erases: a login of its own, or a role that the one login takes on for a transaction. */
function openEraser(
  { erasingPool, random }: StorageParts,
  own: Pick<Storage, 'db' | 'transaction'>,
) {
  const walled = erasingPool && createWalledPool(erasingPool);
  const db: Db = walled ? new Kysely<unknown>({ dialect: createDialect(walled) }) : own.db;
  const transaction = walled ? retrying(db, random ?? systemRandom) : own.transaction;
  /** `undefined`: taken on by nobody, because a login is the role, or the wall does not stand yet. */
  let takenOn: string | undefined;
  let isRefused = false;
  return {
    /** `undefined`: nobody may erase here. */
    async role(ownLogin: boolean): Promise<string | undefined> {
      if (walled) return currentRole(db);
      return ownLogin ? undefined : prepareRole(db, ERASING_ROLE);
    },
    putBehind(tenant: string, role: string | undefined) {
      walled?.putBehind({ tenant, role: undefined });
      takenOn = walled ? undefined : role;
      isRefused = role === undefined;
    },
    mayErase: () => !isRefused,
    async erase<T>(work: (tx: Db) => Promise<T>): Promise<T> {
      if (isRefused) {
        throw new StorageError(
          'the working login may not erase: give the one that may as PROOFLINE_DATABASE_ERASING_URL ' +
            '(docs/runbooks/rights-in-the-database.md)',
        );
      }
      return transaction(async (tx) => {
        // Until the end of this transaction only.
        if (takenOn !== undefined) {
          await sql`select set_config('role', ${takenOn}, true)`.execute(tx);
        }
        return work(tx);
      });
    },
    async close() {
      if (walled) await db.destroy();
      await erasingPool?.close();
    },
  };
}

function retrying(db: Db, random: Random): Storage['transaction'] {
  return async (work) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await db
          .transaction()
          .setIsolationLevel('serializable')
          .execute((tx) => withinTransaction(() => work(tx)));
      } catch (error) {
        if (attempt === ATTEMPTS_MAX || !isRetryable(error)) throw error;
        await delay(pauseMs(attempt, random));
      }
    }
  };
}

/** The settings last as long as the transaction; the wall's policies read them. */
async function readConfined<T>(
  db: Db,
  { desk, subjectId }: Reader,
  work: (tx: Db) => Promise<T>,
): Promise<T> {
  // An empty desk would stand for no confinement at all.
  if (desk === '') throw new StorageError('a reader without a desk reads nothing');
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) =>
      withinTransaction(async () => {
        if (desk !== undefined) {
          await sql`select set_config(${settings.desk}, ${desk}, true),
            set_config(${settings.reader}, ${subjectId}, true)`.execute(tx);
        }
        return work(tx);
      }),
    );
}

async function currentRole(db: Db): Promise<string> {
  const { rows } = await sql<{ name: string }>`select current_user::text as name`.execute(db);
  return rows[0]?.name ?? '';
}

/**
 * Doubles at each attempt, up to an eighth of a second; the upper half is chance, so that two rivals do
 * not meet again. Where tables are small, everybody who signs in in the same moment is a rival.
 */
function pauseMs(attempt: number, random: Random): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** attempt, LONGEST_PAUSE_MS);
  const fraction = (random.bytes(1)[0] ?? 0) / 255;
  return longest / 2 + (longest / 2) * fraction;
}
