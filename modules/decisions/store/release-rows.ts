import { canonicalJson, type Id } from '@proofline/kernel';
import type { ReleaseText } from '@proofline/policy';
import type { ReleaseRef } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tablesOf, type ReleaseRow } from './tables.ts';

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

/** Writes a release with its texts. */
export async function insertRelease(
  tx: Db,
  tenant: string,
  release: {
    readonly ref: ReleaseRef;
    readonly text: ReleaseText;
    readonly releasedAt: Date;
    readonly evidenceId: Id<'evt'>;
  },
): Promise<void> {
  const { ref, text, releasedAt, evidenceId } = release;
  const policies = text.policies.map(({ path, text: cedar }) => ({ path, text: cedar }));
  await tablesOf(tx)
    .insertInto('policy_releases')
    .values({
      tenant,
      sequence: ref.sequence,
      digest: ref.digest,
      text: canonicalJson({ schema: text.schema, policies }),
      evidence_id: evidenceId,
      released_at: releasedAt,
    })
    .execute();
}
