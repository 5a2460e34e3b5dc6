import { sql } from 'kysely';
import type { Id } from '@proofline/kernel';
import { ProblemError } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tablesOf, type SessionRow } from './tables.ts';

/** Which authenticator a session rests on from now on, besides those before. */
interface Rest {
  readonly tenant: string;
  readonly sessionId: Id<'ses'>;
  readonly authenticatorId: Id<'ath'>;
}

/**
 * Notes that a session rests on an authenticator.
 *
 * @throws ProblemError `ceremony.refused` when it was removed meanwhile: nothing starts on it (P6).
 */
export async function restOn(tx: Db, { tenant, sessionId, authenticatorId }: Rest): Promise<void> {
  // One that it rested on already is written again, so that nothing written means removed.
  const rests = await sql`
    INSERT INTO session_authenticators (tenant, session_id, authenticator_id)
    SELECT ${tenant}::text, ${sessionId}::text, ${authenticatorId}::text
    WHERE NOT EXISTS (
      SELECT FROM session_removed_authenticators
      WHERE tenant = ${tenant} AND authenticator_id = ${authenticatorId}
    )
    ON CONFLICT (tenant, session_id, authenticator_id)
      DO UPDATE SET authenticator_id = excluded.authenticator_id
  `.execute(tx);
  if (rests.numAffectedRows !== 1n)
    throw new ProblemError('ceremony.refused', { internal: 'authenticator removed' });
}

/** Notes that an authenticator is gone for good. */
export async function noteRemoved(
  tx: Db,
  gone: { readonly tenant: string; readonly authenticatorId: Id<'ath'>; readonly at: Date },
): Promise<void> {
  await tablesOf(tx)
    .insertInto('session_removed_authenticators')
    .values({
      tenant: gone.tenant,
      authenticator_id: gone.authenticatorId,
      removed_at: gone.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/**
 * The subject's sessions that were not ended and rest on an authenticator. One of which it is not
 * known what it rests on counts as well: what is missing never widens (P7).
 */
export async function findOpenRowsOn(
  tx: Db,
  of: { readonly tenant: string; readonly subjectId: string; readonly authenticatorId: Id<'ath'> },
): Promise<SessionRow[]> {
  return tablesOf(tx)
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', of.tenant)
    .where('subject_id', '=', of.subjectId)
    .where('ended_at', 'is', null)
    .where(({ exists, not, or, selectFrom }) => {
      const rests = selectFrom('session_authenticators as rest')
        .select('rest.session_id')
        .whereRef('rest.tenant', '=', 'sessions.tenant')
        .whereRef('rest.session_id', '=', 'sessions.session_id');
      const onIt = rests.where('rest.authenticator_id', '=', of.authenticatorId);
      return or([exists(onIt), not(exists(rests))]);
    })
    .execute();
}
