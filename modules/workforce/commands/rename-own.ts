import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { notifyOwnChanged } from './notify-changed.ts';
import type { Committed, ProvedAct } from './proved-act.ts';

/** Gives one of the subject's own authenticators another name. */
export async function renameOwn(
  context: Context,
  tx: Db,
  { act, caller, proof, prover }: ProvedAct<'rename'>,
): Promise<Committed> {
  const { authenticatorId, label } = act;
  const { sessionId, subjectId } = caller;
  await context.rows.authenticators.rename(tx, { authenticatorId, subjectId }, label);
  const evidenceId = await context.ledger.record(tx, {
    kind: 'authenticator.renamed',
    causes: [prover.evidenceId],
    refs: { authenticatorId, sessionId },
    subjects: { actor: subjectId },
    facts: { realm: 'workforce' },
    personal: [{ subject: subjectId, retention: 'identity', fields: { label, assertion: proof } }],
  });
  const at = new Date(context.clock.now());
  await context.rows.history.add(tx, { evidenceId, subjectId, kind: 'renamed', label, at });
  return { evidenceId, afterwards: () => notifyOwnChanged(context, subjectId) };
}
