import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { notifyOwnChanged } from './notify-changed.ts';
import { labelOf, readOwn } from './own-set.ts';
import type { Committed, ProvedAct } from './proved-act.ts';
import { tellChannels } from './tell-channels.ts';

/**
 * Removes one of the subject's own authenticators for good, by the proof of one that stays. What
 * rests on it ends in the same transaction: sessions, their grants, their tokens (P6).
 */
export async function removeOwn(
  context: Context,
  tx: Db,
  { act, caller, proof, prover }: ProvedAct<'remove'>,
): Promise<Committed> {
  const { authenticatorId } = act;
  const { sessionId, subjectId } = caller;
  const { rows } = await readOwn(context, tx, subjectId);
  const removed = rows.find((row) => row.authenticatorId === authenticatorId);
  // Looked at a moment ago, in this transaction.
  if (!removed) throw new Error('the authenticator is gone');
  const at = new Date(context.clock.now());
  await context.rows.authenticators.remove(tx, { authenticatorId, subjectId }, at);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'authenticator.removed',
    causes: [prover.evidenceId, removed.evidenceId],
    refs: { authenticatorId, sessionId },
    subjects: { actor: subjectId },
    facts: { realm: 'workforce', remaining: rows.length - 1 },
    personal: [{ subject: subjectId, retention: 'identity', fields: { assertion: proof } }],
  });
  const label = labelOf(removed);
  await context.rows.history.add(tx, { evidenceId, subjectId, kind: 'removed', label, at });
  const closeStreams = await context.sessions.endSessionsOn(tx, { authenticatorId, subjectId });
  await tellChannels(context, tx, { subjectId, what: 'removed' });
  return {
    evidenceId,
    afterwards() {
      context.messages.kick();
      notifyOwnChanged(context, subjectId);
      closeStreams();
    },
  };
}
