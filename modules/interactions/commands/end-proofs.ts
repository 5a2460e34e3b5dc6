import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { nowOf, type Context } from '../context.ts';

interface ProofsEnd {
  readonly interactionId: Id<'int'>;
  readonly agentId: Id<'stf'>;
  readonly because: string;
  readonly causes: readonly Id<'evt'>[];
  /** Only this customer's; of everybody where absent. */
  readonly customerId?: Id<'cus'>;
}

/** Ends the living proofs of a call, each with its entry. Says whether there was one. */
export async function endProofs(context: Context, tx: Db, end: ProofsEnd): Promise<boolean> {
  const { interactionId, agentId, because, causes, customerId } = end;
  const living = await context.rows.proofs.listLive(tx, interactionId);
  const ended = living.filter(
    (proof) => customerId === undefined || proof.customerId === customerId,
  );
  for (const proof of ended) {
    await context.ledger.record(tx, {
      kind: 'proof.ended',
      causes: [proof.evidenceId, ...causes],
      refs: { interactionId, caseId: proof.caseId, proofId: proof.proofId },
      subjects: { agent: agentId, customer: proof.customerId },
      facts: { because },
    });
  }
  await context.rows.proofs.end(
    tx,
    ended.map(({ proofId }) => proofId),
    nowOf(context),
  );
  return ended.length > 0;
}
