import { defaultRetention, RetentionPolicy } from '@proofline/protocol';
import { isId, type Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { parseEntry } from '@proofline/evidence';
import type { ErasureContext } from '../context.ts';

/** How long what is kept, and the entry that says so. */
export interface PublishedPolicy {
  readonly policy: RetentionPolicy;
  /** `undefined`: nobody published one yet, and the default holds. */
  readonly evidenceId: Id<'evt'> | undefined;
}

/** The newest retention policy that the log itself tells of. */
export async function currentPolicy(
  { rows, storage }: ErasureContext,
  db: Db = storage.db,
): Promise<PublishedPolicy> {
  const [row] = await rows.entries.search(db, { kind: 'retention.published', count: 1 });
  const parsed = row && parseEntry(row.leaf);
  if (!parsed?.ok) return { policy: defaultRetention, evidenceId: undefined };
  const { facts, id } = parsed.value;
  return {
    policy: RetentionPolicy.parse(facts['policy']),
    evidenceId: isId('evt', id) ? id : undefined,
  };
}
