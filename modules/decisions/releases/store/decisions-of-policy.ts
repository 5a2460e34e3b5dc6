import { Decision } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tablesOf } from '../../store/tables.ts';

/** How far back is looked for the decisions of one policy. */
const LOOKED_AT_MAX = 5_000;
const OF_POLICY_MAX = 20;

/** The last decisions that rested on a policy, newest first, of the last few thousand. */
export async function listDecisionsOfPolicy(db: Db, tenant: string, policyId: string) {
  const rows = await tablesOf(db)
    .selectFrom((from) =>
      from
        .selectFrom('decisions')
        .select(['decision_id', 'decision'])
        .where('tenant', '=', tenant)
        .orderBy('decision_id', 'desc')
        .limit(LOOKED_AT_MAX)
        .as('newest'),
    )
    .select('decision')
    // Canonical JSON has one spelling; what a caller typed must not be read as a pattern.
    .where((where) =>
      where(
        where.fn('strpos', ['decision', where.val(`"policy":${JSON.stringify(policyId)}`)]),
        '>',
        0,
      ),
    )
    .orderBy('decision_id', 'desc')
    .limit(OF_POLICY_MAX)
    .execute();
  return rows.map(({ decision }) => {
    const { decisionId, evidenceId, action, effect, decidedAt } = Decision.parse(
      JSON.parse(decision),
    );
    return { decisionId, evidenceId, action, effect, decidedAt };
  });
}
