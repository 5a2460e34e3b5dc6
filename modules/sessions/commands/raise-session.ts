import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import { raiseLevels } from '../domain/levels.ts';
import { restOn } from '../store/authenticator-rows.ts';
import { levelColumns, levelsOf } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import type { Login } from '../types.ts';

/** Notes that the session's own subject proved themselves again, in the caller's transaction. */
export async function raiseSession(
  context: SessionsContext,
  tx: Db,
  raise: { readonly row: SessionRow; readonly login: Login },
): Promise<Id<'evt'>> {
  const { row, login } = raise;
  const nowMs = context.clock.now();
  const levels = raiseLevels(levelsOf(row), login.acr, Math.floor(nowMs / 1000));
  await tablesOf(tx)
    .updateTable('sessions')
    .set({
      ...levelColumns(levels),
      amr: JSON.stringify(login.amr),
      last_seen_at: new Date(nowMs),
    })
    .where('tenant', '=', context.tenant)
    .where('session_id', '=', row.session_id)
    .execute();
  await restOn(tx, {
    tenant: context.tenant,
    sessionId: row.session_id,
    authenticatorId: login.authenticatorId,
  });
  return context.ledger.record(tx, {
    kind: 'session.raised',
    causes: [row.evidence_id, login.authenticatorEvidenceId],
    refs: { sessionId: row.session_id, authenticatorId: login.authenticatorId },
    subjects: { actor: row.subject_id },
    facts: { acr: login.acr, amr: [...login.amr] },
  });
}
