import { StorageError } from '../database-error.ts';
import type { Session, SessionPool } from '../session-pool.ts';
import { isInTransaction } from '../transaction-context.ts';

const WAIT_MAX_MS = 30_000;
const WAIT_WITHIN_TRANSACTION_MAX_MS = 3_000;
const WAITERS_MAX = 4_096;

/** A database with a single connection, lent to one caller at a time in order of arrival. */
export function createExclusivePool(session: Session, close: () => Promise<void>): SessionPool {
  const waiters: (() => void)[] = [];
  let isLent = false;
  let closing: Promise<void> | undefined;

  function wait(): Promise<void> {
    const nested = isInTransaction();
    const limitMs = nested ? WAIT_WITHIN_TRANSACTION_MAX_MS : WAIT_MAX_MS;
    return new Promise((resolve, reject) => {
      const waiter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiters.splice(waiters.indexOf(waiter), 1);
        reject(new StorageError(nested ? NESTED : `the database was busy for ${limitMs} ms`));
      }, limitMs);
      waiters.push(waiter);
    });
  }

  return {
    async acquire() {
      if (closing) throw new StorageError('the storage is closed');
      if (waiters.length >= WAITERS_MAX) throw new StorageError('too many queries are waiting');
      if (isLent) await wait();
      isLent = true;
      return session;
    },
    async release() {
      const next = waiters.shift();
      // Handed over without becoming free, so that nobody slips in between.
      if (next) next();
      else isLent = false;
    },
    async close() {
      closing ??= close();
      await closing;
    },
  };
}

const NESTED =
  'a transaction’s body asked for a second connection: use the handle that it was given';
