import { createStorage, type StorageParts } from './create-storage.ts';
import { openEmbeddedPool } from './embedded/open-pool.ts';
import { openLane } from './postgres/open-lane.ts';
import { openPostgresPool } from './postgres/open-pool.ts';
import { StorageError } from './database-error.ts';
import type { SessionPool } from './session-pool.ts';
import type { Storage } from './types.ts';

/** Which database: exactly one of `url` and `directory`. */
export interface StorageOptions extends Pick<StorageParts, 'clock' | 'random'> {
  /** A PostgreSQL server, 15 or newer: `postgres://user:password@host/database`. */
  readonly url?: string;
  /**
   * The same database for the login that owns its tables, where `url` is another one: used for
   * migrations and the second wall, then closed.
   */
  readonly ownerUrl?: string;
  /** The same database for a login that may erase what is kept, where `url` is one that owns nothing. */
  readonly erasingUrl?: string;
  /** Where the embedded database lies; made when it does not exist. One process at a time. */
  readonly directory?: string;
  /** Where the embedded engine’s template is kept between first starts. */
  readonly cacheDirectory?: string;
  /** Connections to the server, 16 unless told. */
  readonly connectionsMax?: number;
  /** Told once when the database is lost while it is open. */
  readonly onLost?: (error: Error) => void;
}

/**
 * Opens the database.
 *
 * @throws StorageError with a sentence for the operator: server too old or unreachable, directory
 *   locked by another process or not writable, commits that do not reach the disk.
 */
export async function openStorage(options: StorageOptions): Promise<Storage> {
  const { url, directory, onLost } = options;
  const ports = {
    ...(options.clock && { clock: options.clock }),
    ...(options.random && { random: options.random }),
  };
  if (url !== undefined && directory === undefined) {
    return createStorage({ kind: 'postgres', ...(await openPools(url, options)), ...ports });
  }
  if (directory !== undefined && url === undefined) {
    const pool = await openEmbeddedPool({
      directory,
      ...(options.cacheDirectory !== undefined && { cacheDirectory: options.cacheDirectory }),
      ...(onLost && { onLost }),
    });
    return createStorage({ kind: 'embedded', pool, ...ports });
  }
  throw new StorageError('give either a PostgreSQL URL or a directory for the embedded database');
}

async function openPools(url: string, options: StorageOptions) {
  const { connectionsMax, onLost, ownerUrl, erasingUrl } = options;
  const pool = await openPostgresPool({
    url,
    ...(connectionsMax !== undefined && { connectionsMax }),
    ...(onLost && { onConnectionLost: onLost }),
  });
  const lane = openLane({ url, ...(onLost && { onConnectionLost: onLost }) });
  const others: SessionPool[] = [];
  const openOther = async (other: string) => {
    const opened = await openPostgresPool({ url: other, connectionsMax: 1 });
    others.push(opened);
    return opened;
  };
  try {
    return {
      pool,
      lane,
      ...(ownerUrl !== undefined && { ownerPool: await openOther(ownerUrl) }),
      ...(erasingUrl !== undefined && { erasingPool: await openOther(erasingUrl) }),
    };
  } catch (error) {
    for (const opened of [pool, lane, ...others]) await opened.close();
    throw error;
  }
}
