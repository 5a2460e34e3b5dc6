import { join } from 'node:path';
import { openStorage } from '@proofline/storage';
import { compose, migrations } from './compose.ts';
import { readConfig } from './config.ts';
import { createLogger } from './logger.ts';

/** Told how far the check has come. */
type Progress = (what: string, checked: number, size: number) => void;

/**
 * Checks every entry that an installation stores against the log’s signed head and its high-water mark,
 * without starting it. With the embedded database, stop the server first.
 *
 * @throws Error with a sentence for the operator where it cannot be opened
 */
export async function checkStoredLog(
  environment: Readonly<Record<string, string | undefined>>,
  onProgress: Progress,
): Promise<{ readonly size: number; readonly faults: readonly string[] }> {
  const config = readConfig(environment);
  const { DATABASE_URL: url, PROOFLINE_DATABASE_OWNER_URL: ownerUrl } = config;
  const directory = join(config.PROOFLINE_DATA_DIRECTORY, 'database');
  const storage = await openStorage(
    url === undefined ? { directory } : { url, ...(ownerUrl && { ownerUrl }) },
  );
  try {
    await storage.migrate(migrations);
    await storage.raiseWall({ tenant: config.PROOFLINE_TENANT, migrations });
    const notifier = { send: () => Promise.reject(new Error('a check sends nothing')) };
    const logger = createLogger({ ...config, PROOFLINE_LOG_LEVEL: 'silent' });
    return await compose(config, { storage, notifier, logger }).ledger.fsck(onProgress);
  } finally {
    await storage.close();
  }
}
