import type { Id } from '@proofline/kernel';
import { ResultOutcome } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tablesOf } from './tables.ts';

/** Writes the one result of a decision; false when there is one already. */
export async function insertResult(
  tx: Db,
  tenant: string,
  result: {
    readonly decisionId: Id<'dec'>;
    readonly evidenceId: Id<'evt'>;
    readonly outcome: ResultOutcome;
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

/** What became of these decisions, where it was reported. At most a page of them. */
export async function findOutcomes(
  db: Db,
  tenant: string,
  decisionIds: readonly string[],
): Promise<ReadonlyMap<string, ResultOutcome>> {
  if (decisionIds.length === 0) return new Map();
  const rows = await tablesOf(db)
    .selectFrom('decision_results')
    .select(['decision_id', 'outcome'])
    .where('tenant', '=', tenant)
    .where('decision_id', 'in', [...decisionIds])
    .execute();
  return new Map(rows.map((row) => [row.decision_id, ResultOutcome.parse(row.outcome)]));
}
