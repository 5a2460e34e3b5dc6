import type { Db } from '@proofline/storage';
import { tablesOf, type ReleaseRow } from '../../store/tables.ts';

/** A row without its texts, which are large. */
export type ReleaseHead = Omit<ReleaseRow, 'text' | 'cases'>;

const HEAD = [
  'tenant',
  'sequence',
  'digest',
  'evidence_id',
  'released_at',
  'previous_digest',
  'key_id',
  'signature',
  'origin',
  'candidate_id',
  'released_by',
  'line',
  'proved',
] as const;

/** The release with the highest sequence. */
export async function newestRelease(db: Db, tenant: string): Promise<ReleaseRow | undefined> {
  return tablesOf(db)
    .selectFrom('policy_releases')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The same without its texts: what every node asks for every second. */
export async function newestHead(db: Db, tenant: string): Promise<ReleaseHead | undefined> {
  return tablesOf(db)
    .selectFrom('policy_releases')
    .select(HEAD)
    .where('tenant', '=', tenant)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Releases behind a sequence, oldest first. */
export async function releasesAfter(
  db: Db,
  tenant: string,
  sequence: number,
): Promise<ReleaseRow[]> {
  return tablesOf(db)
    .selectFrom('policy_releases')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('sequence', '>', sequence)
    .orderBy('sequence')
    .limit(100)
    .execute();
}

/** One release of this tenant. */
export async function findRelease(
  db: Db,
  tenant: string,
  sequence: number,
): Promise<ReleaseRow | undefined> {
  return tablesOf(db)
    .selectFrom('policy_releases')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('sequence', '=', sequence)
    .executeTakeFirst();
}

/** The newest releases, newest first. */
export async function listReleaseHeads(
  db: Db,
  tenant: string,
  count: number,
): Promise<ReleaseHead[]> {
  return tablesOf(db)
    .selectFrom('policy_releases')
    .select(HEAD)
    .where('tenant', '=', tenant)
    .orderBy('sequence', 'desc')
    .limit(count)
    .execute();
}

/** Writes a release. Nothing ever changes one. */
export async function insertRelease(tx: Db, row: ReleaseRow): Promise<void> {
  await tablesOf(tx).insertInto('policy_releases').values(row).execute();
}
