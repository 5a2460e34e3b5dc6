import { sha256Base64url } from '@proofline/kernel/node';
import type { ReplayStore } from '@proofline/enforce';
import type { SessionsContext } from '../context.ts';
import { tablesOf } from './tables.ts';

const pruneEveryMs = 30_000;

/**
 * A replay store that all processes of an installation share. Its bound is time: a proof lives for
 * two minutes at most, and what has expired is pruned as new ones come in.
 */
export function createSqlReplayStore({ storage, clock, tenant }: SessionsContext): ReplayStore {
  let prunedAtMs = clock.now();
  return {
    async remember(key, expiresAtMs) {
      const db = tablesOf(storage.db);
      if (clock.now() - prunedAtMs > pruneEveryMs) {
        prunedAtMs = clock.now();
        await db
          .deleteFrom('dpop_proofs')
          .where('tenant', '=', tenant)
          .where('expires_at', '<', new Date(prunedAtMs))
          .execute();
      }
      const inserted = await db
        .insertInto('dpop_proofs')
        .values({
          tenant,
          proof_hash: sha256Base64url(key),
          expires_at: new Date(expiresAtMs),
        })
        .onConflict((conflict) => conflict.columns(['tenant', 'proof_hash']).doNothing())
        .executeTakeFirst();
      return inserted.numInsertedOrUpdatedRows === 1n ? 'fresh' : 'seen';
    },
  };
}
