import { defaultRetention, RetentionPolicy } from '@proofline/protocol';
import { isId, type Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { ErasureContext } from '../context.ts';
import { newestProven } from '../../reading/prove-entries.ts';

/** How long what is kept, and the entry that says so. */
export interface PublishedPolicy {
  readonly policy: RetentionPolicy;
  /** `undefined`: nobody published one yet, and the default holds. */
  readonly evidenceId: Id<'evt'> | undefined;
}

/** The newest retention policy that the log itself tells of, proved by its path. */
export async function currentPolicy(
  context: ErasureContext,
  db: Db = context.storage.db,
): Promise<PublishedPolicy> {
  const shown = context.sequencer.shown();
  const entry = await newestProven(context, { kinds: ['retention.published'], shown, db });
  if (!entry) return { policy: defaultRetention, evidenceId: undefined };
  return {
    policy: RetentionPolicy.parse(entry.facts['policy']),
    evidenceId: isId('evt', entry.id) ? entry.id : undefined,
  };
}
