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
}

/** An access request of an enforcement point, and the approval that it asks for. */
export interface AccessRequestRow {
  tenant: string;
  task_id: string;
  service_id: string;
  evaluation_id: string;
  idempotency_key: string | null;
  submission_digest: string;
  approval_id: string;
  submitted_at: Date;
}

// A type and not an interface: `withTables` asks for an index signature.
type Tables = { approvals: ApprovalRow; access_requests: AccessRequestRow };

/** A handle that knows this module's tables. */
export function tablesOf(db: Db): Kysely<Tables> {
  return db.withTables<Tables>();
}
