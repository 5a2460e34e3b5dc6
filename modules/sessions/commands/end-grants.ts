import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { SessionsContext } from '../context.ts';
import { findLiveGrantRows, type GrantOwner } from '../store/grant-rows.ts';
import { tablesOf } from '../store/tables.ts';

/** Which grants end, and why. */
export interface GrantsEnding {
  readonly of: GrantOwner;
  readonly because: string;
  readonly causes: readonly Id<'evt'>[];
}

/** Ends every live grant of a session or of a call, one evidence entry each, in the caller's transaction. */
export async function endGrants(
  context: SessionsContext,
  tx: Db,
  ending: GrantsEnding,
): Promise<void> {
  const at = new Date(context.clock.now());
  const rows = await findLiveGrantRows(tx, context.tenant, { of: ending.of, at });
  for (const row of rows) {
    await tablesOf(tx)
      .updateTable('session_grants')
      .set({ ended_at: at })
      .where('tenant', '=', context.tenant)
      .where('grant_id', '=', row.grant_id)
      .where('ended_at', 'is', null)
      .execute();
    await context.ledger.record(tx, {
      kind: 'grant.ended',
      causes: [row.evidence_id, ...ending.causes],
      refs: {
        grantId: row.grant_id,
        sessionId: row.session_id,
        interactionId: row.interaction_id,
        caseId: row.case_id,
        proofId: row.proof_id,
      },
      subjects: { actor: row.subject_id, customer: row.customer_id },
      facts: { because: ending.because },
    });
  }
}
