import { setTimeout as delay } from 'node:timers/promises';
import { Kysely } from 'kysely';
import { systemClock, systemRandom, type Clock, type Random } from '@proofline/kernel';
import { isRetryable } from './database-error.ts';
import { createDialect } from './dialect.ts';
import { applyMigrations } from './migrations.ts';
import type { SessionPool } from './session-pool.ts';
import { withinTransaction } from './transaction-context.ts';
import type { Db, Storage } from './types.ts';

const ATTEMPTS_MAX = 5;
const FIRST_PAUSE_MS = 4;

/** What an opened engine is, and the ports that the storage needs. */
export interface StorageParts {
  readonly kind: Storage['kind'];
  readonly pool: SessionPool;
  readonly clock?: Clock;
  readonly random?: Random;
}

/** The {@link Storage} over an opened engine. */
export function createStorage(parts: StorageParts): Storage {
  const db: Db = new Kysely<unknown>({ dialect: createDialect(parts.pool) });
  const random = parts.random ?? systemRandom;
  const clock = parts.clock ?? systemClock;

  async function transaction<T>(work: (tx: Db) => Promise<T>): Promise<T> {
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
  }

  return {
    kind: parts.kind,
    db,
    transaction,
    migrate: (migrations) => applyMigrations({ db, transaction, clock }, migrations),
    async close() {
      await db.destroy();
      // Kysely forgets the pool of a database that nothing was asked of.
      await parts.pool.close();
    },
  };
}

/** Doubles at each attempt; the upper half is chance, so that two rivals do not meet again. */
function pauseMs(attempt: number, random: Random): number {
  const longest = FIRST_PAUSE_MS * 2 ** attempt;
  const fraction = (random.bytes(1)[0] ?? 0) / 255;
  return longest / 2 + (longest / 2) * fraction;
}
