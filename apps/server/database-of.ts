import { join } from 'node:path';
import type { openStorage } from '@proofline/storage';
import type { Config } from './config.ts';

/** The database that the settings name, with every login that they give: for whoever opens it as a server. */
export function databaseOf(config: Config): Parameters<typeof openStorage>[0] {
  const { DATABASE_URL: url, PROOFLINE_DATABASE_OWNER_URL: ownerUrl } = config;
  const erasingUrl = config.PROOFLINE_DATABASE_ERASING_URL;
  if (url !== undefined) {
    return { url, ...(ownerUrl && { ownerUrl }), ...(erasingUrl && { erasingUrl }) };
  }
  const cacheDirectory = config.PROOFLINE_CACHE_DIRECTORY;
  return {
    directory: join(config.PROOFLINE_DATA_DIRECTORY, 'database'),
    ...(cacheDirectory !== undefined && { cacheDirectory }),
  };
}
