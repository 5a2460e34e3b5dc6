import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { GrantFacts, GrantProgram } from '../types.ts';
import { tablesOf, type GrantRow } from './tables.ts';

/** A grant's row as other modules see it. */
export function grantFactsOf(row: GrantRow, live: boolean): GrantFacts {
  return {
    grantId: row.grant_id,
    sessionId: row.session_id,
    subjectId: row.subject_id,
    interactionId: row.interaction_id,
    caseId: row.case_id,
    proofId: row.proof_id,
    // Written by this module as an array of action names.
    actions: JSON.parse(row.actions) as string[],
    // As `GrantProgram`.
    programs: JSON.parse(row.programs) as GrantProgram[],
    live,
    expiresAtMs: row.expires_at.getTime(),
    evidenceId: row.evidence_id,
  };
}

/** The row of a grant, live or not. */
export async function findGrantRow(
  db: Db,
  tenant: string,
  grantId: Id<'grt'>,
): Promise<GrantRow | undefined> {
  return tablesOf(db)
    .selectFrom('session_grants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('grant_id', '=', grantId)
    .executeTakeFirst();
}

/** What grants end with. */
export type GrantOwner = { readonly sessionId: Id<'ses'> } | { readonly interactionId: Id<'int'> };

/** Grants of a session or of a call that were not ended and have not expired. */
export async function findLiveGrantRows(
  db: Db,
  tenant: string,
  by: { readonly of: GrantOwner; readonly at: Date },
): Promise<GrantRow[]> {
  return tablesOf(db)
    .selectFrom('session_grants')
    .selectAll()
    .where('tenant', '=', tenant)
    .where((where) =>
      'sessionId' in by.of
        ? where('session_id', '=', by.of.sessionId)
        : where('interaction_id', '=', by.of.interactionId),
    )
    .where('ended_at', 'is', null)
    .where('expires_at', '>', by.at)
    .orderBy('grant_id')
    .execute();
}
