import type { Db } from '@proofline/storage';
import type { Kysely } from 'kysely';

export interface ApprovalRow {
  tenant: string;
  approval_id: string;
  interaction_id: string;
  content: string;
  content_digest: string;
  note: string | null;
  requested_by: string;
  /** Who had proved themselves on the call; null: nobody, or a row from before this was kept. */
  customer_id: string | null;
  desk: string;
  requested_at: Date;
  request_evidence_id: string;
  verdict: 'approve' | 'reject' | null;
  decided_by: string | null;
  decided_by_desk: string | null;
  reason_code: string | null;
  decided_at: Date | null;
  decided_in_session: string | null;
  decision_evidence_id: string | null;
  expires_at: Date;
  used_at: Date | null;
  used_by_decision: string | null;
  /** Then `expires_at` is the same moment. */
  withdrawn_at: Date | null;
}

/** An access request of an enforcement point. */
export interface AccessRequestRow {
  tenant: string;
  task_id: string;
  service_id: string;
  idempotency_key: string | null;
  submission_digest: string;
  is_bulk: boolean;
  submitted_at: Date;
}

/** One of the things that it asks for, and the approval that it waits for. */
export interface AccessRequestItemRow {
  tenant: string;
  task_id: string;
  /** In the order of the submission, from 0. */
  place: number;
  evaluation_id: string;
  approval_id: string;
  /** Whether the approval was opened for it, or waited already. */
  opened: boolean;
  cancelled_at: Date | null;
}

/** Where the end of a task is told. */
export interface CallbackRow {
  tenant: string;
  task_id: string;
  endpoint: string;
  /** JSON, as the service sent it. */
  state: string | null;
  /** JSON array of names; `null`: every end. */
  events: string | null;
  attempts: number;
  next_attempt_at: Date;
  closed_at: Date | null;
  outcome: 'told' | 'not-wanted' | 'given-up' | null;
}

// A type and not an interface: `withTables` asks for an index signature.
type Tables = {
  approvals: ApprovalRow;
  access_requests: AccessRequestRow;
  access_request_items: AccessRequestItemRow;
  access_request_callbacks: CallbackRow;
};

/** A handle that knows this module's tables. */
export function tablesOf(db: Db): Kysely<Tables> {
  return db.withTables<Tables>();
}
