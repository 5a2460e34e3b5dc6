import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf } from './tables.ts';

/** Writes the one result of a decision; false when there is one already. */
export async function insertResult(
  tx: Db,
  tenant: string,
  result: {
    readonly decisionId: Id<'dec'>;
    readonly evidenceId: Id<'evt'>;
    readonly outcome: string;
    readonly at: Date;
  },
): Promise<boolean> {
  const inserted = await tablesOf(tx)
    .insertInto('decision_results')
    .values({
      tenant,
      decision_id: result.decisionId,
      evidence_id: result.evidenceId,
      outcome: result.outcome,
      reported_at: result.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return inserted.numInsertedOrUpdatedRows === 1n;
}
