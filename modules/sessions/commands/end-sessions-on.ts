import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import { findOpenRowsOn, noteRemoved } from '../store/authenticator-rows.ts';
import { endSessionRow } from './end-session.ts';

/** An authenticator that its subject has removed. */
export interface RemovedAuthenticator {
  readonly authenticatorId: Id<'ath'>;
  readonly subjectId: string;
}

/**
 * Ends every session that rests on a removed authenticator, with its grants, in the caller's
 * transaction; from then on none can start on it. What is answered is to be called after the commit,
 * and closes the streams that are still open.
 */
export async function endSessionsOn(
  context: SessionsContext,
  tx: Db,
  removed: RemovedAuthenticator,
): Promise<() => void> {
  const { tenant } = context;
  const { authenticatorId, subjectId } = removed;
  const at = new Date(context.clock.now());
  await noteRemoved(tx, { tenant, authenticatorId, at });
  const rows = await findOpenRowsOn(tx, { tenant, subjectId, authenticatorId });
  for (const row of rows) {
    await endSessionRow(context, tx, {
      row,
      because: 'authenticator-removed',
      endedBy: subjectId,
    });
  }
  return () => {
    for (const row of rows) context.onSessionEnded?.({ sessionId: row.session_id, subjectId });
  };
}
