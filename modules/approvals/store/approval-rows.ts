import type { Id } from '@proofline/kernel';
import { limits } from '@proofline/kernel';
import type { Approval } from '@proofline/protocol';
import { readPage, toCondition, type Db, type Page, type SqlCondition } from '@proofline/storage';
import { tablesOf, type ApprovalRow } from './tables.ts';

/** Columns of a new request; everything that comes later is empty. */
export type NewApproval = Omit<
  ApprovalRow,
  | 'verdict'
  | 'decided_by'
  | 'decided_by_desk'
  | 'reason_code'
  | 'decided_at'
  | 'decided_in_session'
  | 'decision_evidence_id'
  | 'used_at'
  | 'used_by_decision'
  | 'withdrawn_at'
>;

/** The customer of the call, as entries about an approval name them. */
export function customerOf({ customer_id: customer }: ApprovalRow): { readonly customer?: string } {
  return customer === null ? {} : { customer };
}

/** Writes a request and answers its row. */
export async function insertApproval(tx: Db, row: NewApproval): Promise<ApprovalRow> {
  return tablesOf(tx).insertInto('approvals').values(row).returningAll().executeTakeFirstOrThrow();
}

/** One approval of this tenant, whatever its state. */
export async function findApproval(
  db: Db,
  tenant: string,
  approvalId: string,
): Promise<ApprovalRow | undefined> {
  return tablesOf(db)
    .selectFrom('approvals')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('approval_id', '=', approvalId)
    .executeTakeFirst();
}

/** What somebody asked for that can still come to something: open, or approved and not used. */
export async function listUsable(
  db: Db,
  tenant: string,
  by: { readonly requestedBy: string; readonly at: Date; readonly contentDigest?: string },
): Promise<ApprovalRow[]> {
  let query = tablesOf(db)
    .selectFrom('approvals')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('requested_by', '=', by.requestedBy)
    .where('used_at', 'is', null)
    .where('expires_at', '>', by.at)
    .where((where) => where.or([where('verdict', 'is', null), where('verdict', '=', 'approve')]));
  if (by.contentDigest !== undefined) {
    query = query.where('content_digest', '=', by.contentDigest);
  }
  return query.orderBy('approval_id').execute();
}

/** Approved in this session, not used, and not over. */
export async function listUnusedOfSession(
  db: Db,
  tenant: string,
  given: { readonly sessionId: string; readonly at: Date },
): Promise<ApprovalRow[]> {
  return tablesOf(db)
    .selectFrom('approvals')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('decided_in_session', '=', given.sessionId)
    .where('verdict', '=', 'approve')
    .where('used_at', 'is', null)
    .where('expires_at', '>', given.at)
    .orderBy('approval_id')
    .execute();
}

/** Writes the verdict where there is none yet and time is left; `undefined` when that is not so. */
export async function writeVerdict(
  tx: Db,
  tenant: string,
  decided: {
    readonly approvalId: Id<'apr'>;
    readonly verdict: 'approve' | 'reject';
    readonly reasonCode: string;
    readonly decidedBy: string;
    readonly decidedInSession: string;
    readonly desk: string;
    readonly at: Date;
    readonly expiresAt: Date;
    readonly evidenceId: Id<'evt'>;
  },
): Promise<ApprovalRow | undefined> {
  return tablesOf(tx)
    .updateTable('approvals')
    .set({
      verdict: decided.verdict,
      reason_code: decided.reasonCode,
      decided_by: decided.decidedBy,
      decided_by_desk: decided.desk,
      decided_at: decided.at,
      decided_in_session: decided.decidedInSession,
      decision_evidence_id: decided.evidenceId,
      expires_at: decided.expiresAt,
    })
    .where('tenant', '=', tenant)
    .where('approval_id', '=', decided.approvalId)
    .where('verdict', 'is', null)
    .where('expires_at', '>', decided.at)
    .returningAll()
    .executeTakeFirst();
}

/** One approval, held until the end of the transaction: nobody answers it meanwhile. */
export async function holdApproval(
  tx: Db,
  tenant: string,
  approvalId: string,
): Promise<ApprovalRow | undefined> {
  return tablesOf(tx)
    .selectFrom('approvals')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('approval_id', '=', approvalId)
    .forUpdate()
    .executeTakeFirst();
}

/** Takes a request back that nobody has answered; it is over at that moment. */
export async function markWithdrawn(
  tx: Db,
  tenant: string,
  { approvalId, at }: { readonly approvalId: string; readonly at: Date },
): Promise<void> {
  await tablesOf(tx)
    .updateTable('approvals')
    .set({ withdrawn_at: at, expires_at: at })
    .where('tenant', '=', tenant)
    .where('approval_id', '=', approvalId)
    .where('verdict', 'is', null)
    .where('expires_at', '>', at)
    .execute();
}

/** Uses an approval, once: false when it was used, or expired, meanwhile. */
export async function markUsed(
  tx: Db,
  tenant: string,
  use: { readonly approvalId: string; readonly decisionId: Id<'dec'>; readonly at: Date },
): Promise<boolean> {
  const updated = await tablesOf(tx)
    .updateTable('approvals')
    .set({ used_at: use.at, used_by_decision: use.decisionId })
    .where('tenant', '=', tenant)
    .where('approval_id', '=', use.approvalId)
    .where('verdict', '=', 'approve')
    .where('used_at', 'is', null)
    .where('expires_at', '>', use.at)
    .executeTakeFirst();
  return updated.numUpdatedRows === 1n;
}

/** Newest first, in one state or in all. */
export async function listApprovals(
  db: Db,
  tenant: string,
  wanted: {
    /** The rows that may be seen; `undefined`: every one. */
    readonly where: SqlCondition | undefined;
    readonly state: Approval['state'] | undefined;
    readonly at: Date;
  },
): Promise<Page<ApprovalRow>> {
  let query = tablesOf(db).selectFrom('approvals').selectAll().where('tenant', '=', tenant);
  if (wanted.where) query = query.where(toCondition(wanted.where));
  // The same table of states as in `domain/approval-state.ts`, so that a page is full of its state.
  const { state, at } = wanted;
  if (state === 'used') query = query.where('used_at', 'is not', null);
  else if (state !== undefined) query = query.where('used_at', 'is', null);
  if (state === 'rejected') query = query.where('verdict', '=', 'reject');
  // A revoked one is an approved one whose session was taken away, which this table cannot know.
  const isApproved = state === 'approved' || state === 'revoked';
  if (isApproved) query = query.where('verdict', '=', 'approve');
  if (state === 'open') query = query.where('verdict', 'is', null);
  if (state === 'open' || isApproved) query = query.where('expires_at', '>', at);
  if (state === 'withdrawn') query = query.where('withdrawn_at', 'is not', null);
  if (state === 'expired') {
    query = query
      .where('withdrawn_at', 'is', null)
      .where('expires_at', '<=', at)
      .where((where) => where.or([where('verdict', 'is', null), where('verdict', '=', 'approve')]));
  }
  const newestFirst = query.orderBy('requested_at', 'desc').orderBy('approval_id', 'desc');
  return readPage(db, newestFirst, limits.pageMaxItems);
}
