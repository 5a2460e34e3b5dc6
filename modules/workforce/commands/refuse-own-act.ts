import type { Id } from '@proofline/kernel';
import type { OwnAct } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { OwnCaller } from './own-set.ts';

interface OwnActRefused {
  readonly caller: OwnCaller;
  readonly tried: OwnAct['kind'];
  readonly because: string;
  readonly causes?: readonly Id<'evt'>[];
}

/** Puts a refused change into the evidence and the subject's own history, as often as the budget allows. */
export async function refuseOwnAct(context: Context, refused: OwnActRefused): Promise<void> {
  const { because, caller, causes = [], tried } = refused;
  const { sessionId, subjectId } = caller;
  const granted = context.budget.take(`own-act:${subjectId}`);
  if (!granted) return;
  const evidenceId = await context.storage.transaction(async (tx) => {
    const id = await context.ledger.record(tx, {
      kind: 'authenticator.refused',
      causes,
      refs: { sessionId },
      subjects: { actor: subjectId },
      facts: {
        realm: 'workforce',
        tried,
        because,
        ...(granted.suppressed > 0 && granted),
      },
    });
    const at = new Date(context.clock.now());
    await context.rows.history.add(tx, { evidenceId: id, subjectId, kind: 'refused', tried, at });
    return id;
  });
  await context.ledger.durable(evidenceId);
}
