import type { Id } from '@proofline/kernel';
import { strictestMode, type SignInMode } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import { raiseLevels } from '../domain/levels.ts';
import { limitsOf } from '../domain/session-limits.ts';
import { restOn } from '../store/authenticator-rows.ts';
import { isRowLocked, levelColumns, levelsOf } from '../store/session-rows.ts';
import { tablesOf, type SessionRow } from '../store/tables.ts';
import type { Login } from '../types.ts';

type Proof = Pick<Login, 'acr' | 'amr' | 'authenticatorId' | 'authenticatorEvidenceId'>;

/**
 * Notes that the session's own subject proved themselves again, in the caller's transaction: that unlocks
 * it. At a machine, or at a desk, that allows less than where it began, it ends the sooner; never later.
 */
export async function raiseSession(
  context: SessionsContext,
  tx: Db,
  raise: { readonly row: SessionRow; readonly login: Proof; readonly mode: SignInMode },
): Promise<Id<'evt'>> {
  const { row, login } = raise;
  const nowMs = context.clock.now();
  const levels = raiseLevels(levelsOf(row), login.acr, Math.floor(nowMs / 1000));
  const mode = strictestMode([row.mode, raise.mode]);
  const endsAtMs = row.started_at.getTime() + limitsOf(row.realm, mode).absoluteSeconds * 1000;
  await tablesOf(tx)
    .updateTable('sessions')
    .set({
      ...levelColumns(levels),
      amr: JSON.stringify(login.amr),
      last_seen_at: new Date(nowMs),
      left_alone_seconds: 0,
      locked_at: null,
      mode,
      expires_at: new Date(Math.min(row.expires_at.getTime(), endsAtMs)),
    })
    .where('tenant', '=', context.tenant)
    .where('session_id', '=', row.session_id)
    .execute();
  await restOn(tx, {
    tenant: context.tenant,
    sessionId: row.session_id,
    authenticatorId: login.authenticatorId,
  });
  const refs = { sessionId: row.session_id, authenticatorId: login.authenticatorId };
  const subjects = { [row.realm === 'workforce' ? 'actor' : 'customer']: row.subject_id };
  const raised = await context.ledger.record(tx, {
    kind: 'session.raised',
    causes: [row.evidence_id, login.authenticatorEvidenceId],
    refs,
    subjects,
    facts: { acr: login.acr, amr: [...login.amr] },
  });
  if (!isRowLocked(row, nowMs)) return raised;
  const because = row.locked_at === null ? 'idle' : 'locked';
  return context.ledger.record(tx, {
    kind: 'session.unlocked',
    causes: [raised],
    refs,
    subjects,
    facts: { because, mode },
  });
}
