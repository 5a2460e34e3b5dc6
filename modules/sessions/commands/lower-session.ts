import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';

/** A session whose subject lost the level of a credential, and the entry that says so. */
interface Lowering {
  readonly row: SessionRow;
  readonly authenticatorId: Id<'ath'>;
  readonly cause: Id<'evt'>;
}

/**
 * A session loses `phrh`. What it rests on is not looked at: whoever has another authenticator of that
 * level proves it again (P7).
 */
export async function lowerSession(
  { ledger, tenant }: SessionsContext,
  tx: Db,
  { authenticatorId, cause, row }: Lowering,
): Promise<void> {
  await tablesOf(tx)
    .updateTable('sessions')
    .set({ phrh_at: null, amr: row.amr.replace('"hwk"', '"swk"') })
    .where('tenant', '=', tenant)
    .where('session_id', '=', row.session_id)
    .execute();
  await ledger.record(tx, {
    kind: 'session.lowered',
    causes: [row.evidence_id, cause],
    refs: { sessionId: row.session_id, authenticatorId },
    subjects: { [row.realm === 'workforce' ? 'actor' : 'customer']: row.subject_id },
    facts: { realm: row.realm, acr: 'phr' },
  });
}
