import type { Db } from '@proofline/storage';

export interface InteractionsTable {
  tenant: string;
  interaction_id: string;
  external_id: string;
  channel: string;
  state: string;
  agent_id: string;
  desk: string;
  case_id: string | null;
  wrong_codes: number;
  started_at: Date;
  ended_at: Date | null;
  evidence_id: string;
  wrap_up_evidence_id: string | null;
}

export interface CasesTable {
  tenant: string;
  case_id: string;
  case_type: string;
  state: string;
  interaction_id: string | null;
  customer_id: string | null;
  opened_at: Date;
  closed_at: Date | null;
  evidence_id: string | null;
}

export interface ProofRequestsTable {
  tenant: string;
  proof_request_id: string;
  interaction_id: string;
  case_id: string;
  agent_id: string;
  customer_id: string | null;
  account_digest: string | null;
  started_by: string;
  purpose: string;
  state: string;
  because: string | null;
  matching_number: string | null;
  link_digest: string | null;
  context: string;
  ceremony_id: string | null;
  late_attempts: number;
  requested_at: Date;
  expires_at: Date;
  closed_at: Date | null;
  evidence_id: string;
}

export interface CallCodesTable {
  tenant: string;
  call_code_id: string;
  customer_id: string;
  code: string;
  created_at: Date;
  expires_at: Date;
  claimed_at: Date | null;
}

export interface ProofsTable {
  tenant: string;
  proof_id: string;
  proof_request_id: string;
  interaction_id: string;
  case_id: string;
  customer_id: string;
  acr: string;
  purpose: string;
  bound_at: Date;
  ended_at: Date | null;
  evidence_id: string;
  authenticator_id: string | null;
}

// A type alias: kysely asks for an index signature, which an interface does not have.
type InteractionModuleTables = {
  interactions: InteractionsTable;
  cases: CasesTable;
  proof_requests: ProofRequestsTable;
  call_codes: CallCodesTable;
  proofs: ProofsTable;
};

/** The connection, narrowed to this module's tables. */
export function tables(db: Db) {
  return db.withTables<InteractionModuleTables>();
}
