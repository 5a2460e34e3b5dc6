import type { Db } from '@proofline/storage';
import { websitesOf } from '../applications/domain/websites-of.ts';
import { listApplicationRows } from '../applications/store/application-rows.ts';

/**
 * The hosts of websites that send colleagues here to sign in: coming from one of them, the browser may
 * show its key first (DBSC §7.3). From anywhere else it would come without the bound cookie.
 */
export async function findInitiators(db: Db, tenant: string): Promise<string[]> {
  const hosts = (await listApplicationRows(db, tenant))
    .filter(({ suspendedAt }) => !suspendedAt)
    .flatMap(({ settings }) => websitesOf(settings).map((url) => new URL(url).hostname));
  return [...new Set(hosts)].toSorted();
}
