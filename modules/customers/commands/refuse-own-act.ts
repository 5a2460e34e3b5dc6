import type { OwnAct } from '@proofline/protocol';
import type { Context } from '../context.ts';
import type { OwnCaller } from './own-set.ts';

/** Puts a refused change into the evidence and the customer's own history, as often as the budget allows. */
export async function refuseOwnAct(
  context: Context,
  refused: {
    readonly caller: OwnCaller;
    readonly tried: OwnAct['kind'];
    readonly because: string;
  },
): Promise<void> {
  const { because, caller, tried } = refused;
  const { customerId, sessionId } = caller;
  const granted = context.budget.take(`own-act:${customerId}`);
  if (!granted) return;
  const entry = await context.storage.transaction(async (tx) => {
    const evidenceId = await context.ledger.record(tx, {
      kind: 'authenticator.refused',
      refs: { sessionId },
      subjects: { customer: customerId },
      facts: { realm: 'customers', tried, because, ...(granted.suppressed > 0 && granted) },
    });
    const at = new Date(context.clock.now());
    await context.rows.history.add(tx, { evidenceId, customerId, kind: 'refused', tried, at });
    return evidenceId;
  });
  await context.ledger.durable(entry);
}
