import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { nowOf, type Context } from '../context.ts';
import type { ChangeEvent } from '../types.ts';

/** A passkey that its customer has removed. */
export interface RemovedPasskey {
  readonly customerId: Id<'cus'>;
  readonly authenticatorId: Id<'ath'>;
  /** The entry of its removal. */
  readonly evidenceId: Id<'evt'>;
}

/**
 * Ends the living proofs that rest on a removed passkey, with the grants of their calls, in the
 * caller's transaction. What is answered is to be called after the commit, and tells the agents.
 */
export async function endProofsOn(
  context: Context,
  tx: Db,
  { authenticatorId, customerId, evidenceId }: RemovedPasskey,
): Promise<() => void> {
  const because = 'authenticator-removed';
  const living = await context.rows.proofs.listLiveOn(tx, { customerId, authenticatorId });
  const told: ChangeEvent[] = [];
  for (const { caseId, evidenceId: bound, interactionId, proofId } of living) {
    const call = await context.rows.interactions.find(tx, interactionId);
    await context.ledger.record(tx, {
      kind: 'proof.ended',
      causes: [bound, evidenceId],
      refs: { interactionId, caseId, proofId },
      subjects: { ...(call && { agent: call.agentId }), customer: customerId },
      facts: { because },
    });
    await context.sessions.endGrantsOf(tx, interactionId, because, [evidenceId]);
    if (!call) continue;
    const { agentId: staffId, desk } = call;
    told.push({ type: 'interaction.changed', staffId, desk, interactionId });
  }
  const ended = living.map(({ proofId }) => proofId);
  await context.rows.proofs.end(tx, ended, nowOf(context));
  return () => {
    for (const event of told) context.notify(event);
  };
}
