import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { GrantFacts } from '../types.ts';
import { tablesOf, type GrantRow } from './tables.ts';

/** A grant's row as other modules see it. The ids were minted by Proofline, hence the casts. */
export function grantFactsOf(row: GrantRow, live: boolean): GrantFacts {
  return {
    grantId: row.grant_id as Id<'grt'>,
    sessionId: row.session_id as Id<'ses'>,
    subjectId: row.subject_id as Id<'stf'>,
    interactionId: row.interaction_id as Id<'int'>,
    caseId: row.case_id as Id<'cse'>,
    proofId: row.proof_id as Id<'prf'>,
    // Written by this module as an array of action names.
    actions: JSON.parse(row.actions) as string[],
    live,
    expiresAtMs: row.expires_at.getTime(),
    evidenceId: row.evidence_id as Id<'evt'>,
  };
}

/** The row of a grant, live or not. */
export async function findGrantRow(
  db: Db,
  tenant: string,
  grantId: string,
): Promise<GrantRow | undefined> {
  return tablesOf(db)
    .selectFrom('session_grants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('grant_id', '=', grantId)
    .executeTakeFirst();
}

/** Grants of a session or of a call that were not ended and have not expired. */
export async function findLiveGrantRows(
  db: Db,
  tenant: string,
  by: { readonly column: 'session_id' | 'interaction_id'; readonly id: string; readonly at: Date },
): Promise<GrantRow[]> {
  return tablesOf(db)
    .selectFrom('session_grants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where(by.column, '=', by.id)
    .where('ended_at', 'is', null)
    .where('expires_at', '>', by.at)
    .orderBy('grant_id')
    .execute();
}
