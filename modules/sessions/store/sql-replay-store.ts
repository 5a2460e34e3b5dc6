import { groupCalls, ok } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { ReplayStore } from '@proofline/enforce';
import { ProblemError } from '@proofline/protocol';
import type { SessionsContext } from '../context.ts';
import { sql } from 'kysely';
import { tablesOf, type DpopProofRow } from './tables.ts';

const pruneEveryMs = 30_000;
/** Another server's clock may be ahead, and a proof may wait for its turn. */
const pruneAfterMs = 60_000;
/** Proofs that one statement remembers, and that wait for theirs. */
const togetherMax = 200;
const waitingMax = 2_000;

interface Proof {
  readonly proof_hash: string;
  readonly expires_at: Date;
}

/** One text however many they are. */
function rowsOf(tenant: string, proofs: readonly Proof[]) {
  const hashes = proofs.map((proof) => proof.proof_hash);
  const ends = proofs.map((proof) => proof.expires_at);
  return sql<DpopProofRow>`select ${tenant}::text, * from unnest(${hashes}::text::text[], ${ends}::text::timestamptz[])`;
}

/**
 * A replay store that all processes of an installation share. Its bound is time: a proof lives for
 * two minutes at most, and what has expired is pruned as new ones come in.
 *
 * Proofs that come at the same time are remembered in one statement, and each is answered after that
 * is committed.
 *
 * @throws ProblemError `server.busy` when too many wait
 */
export function createSqlReplayStore({ storage, clock, tenant }: SessionsContext): ReplayStore {
  let prunedAtMs = clock.now();
  const db = tablesOf(storage.db);
  const insertNew = async (proofs: readonly Proof[]): Promise<Set<string>> => {
    // In one order, so that two statements never wait for each other's rows.
    const rows = proofs.toSorted((one, other) => (one.proof_hash < other.proof_hash ? -1 : 1));
    const inserted = await db
      .insertInto('dpop_proofs')
      .columns(['tenant', 'proof_hash', 'expires_at'])
      .expression(rowsOf(tenant, rows))
      .onConflict((conflict) => conflict.columns(['tenant', 'proof_hash']).doNothing())
      .returning('proof_hash')
      .execute();
    return new Set(inserted.map((row) => row.proof_hash));
  };
  const rememberTogether = groupCalls<Proof, 'fresh' | 'seen'>({
    async work(proofs) {
      const fresh = await insertNew(proofs);
      const now = clock.now();
      // Of one proof twice in a group, the first is fresh and the other is not. One that expired while
      // it waited may have been pruned before.
      return proofs.map(({ proof_hash: hash, expires_at: end }) =>
        ok(fresh.delete(hash) && end.getTime() > now ? 'fresh' : 'seen'),
      );
    },
    groupMax: togetherMax,
    waitingMax,
    atOnceMax: 2,
    full: () => new ProblemError('server.busy'),
  });
  return {
    async remember(key, expiresAtMs) {
      if (clock.now() - prunedAtMs > pruneEveryMs) {
        prunedAtMs = clock.now();
        await db
          .deleteFrom('dpop_proofs')
          .where('tenant', '=', tenant)
          .where('expires_at', '<', new Date(prunedAtMs - pruneAfterMs))
          .execute();
      }
      return rememberTogether({
        proof_hash: sha256Base64url(key),
        expires_at: new Date(expiresAtMs),
      });
    },
  };
}
