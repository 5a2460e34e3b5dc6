import type { Db } from '@proofline/storage';

export interface StaffTable {
  tenant: string;
  subject_id: string;
  employee_number: string;
  display_name: string;
  desk: string;
  user_handle: string;
  state: string;
  role: string | null;
  created_at: Date;
  activated_at: Date | null;
  role_evidence_id: string | null;
}

export interface InvitationsTable {
  tenant: string;
  invitation_id: string;
  subject_id: string;
  display_name: string;
  desk: string;
  secret_digest: string;
  state: string;
  invited_by: string | null;
  founding_role: string | null;
  invited_at: Date;
  expires_at: Date;
  device_digest: string | null;
  code: string | null;
  code_expires_at: Date | null;
  confirmed_by: string | null;
  role: string | null;
  evidence_id: string;
}

export interface AuthenticatorsTable {
  tenant: string;
  authenticator_id: string;
  subject_id: string;
  invitation_id: string;
  credential_id: string;
  public_key: string;
  algorithm: number;
  counter: number;
  backup_eligible: boolean;
  backed_up: boolean;
  aaguid: string;
  acr: string;
  attestation_format: string;
  attestation_object: string;
  transports: string;
  user_handle: string;
  evidence_id: string;
  registered_at: Date;
  last_used_at: Date | null;
}

export interface CeremoniesTable {
  tenant: string;
  ceremony_id: string;
  kind: string;
  bound_to: string;
  subject_id: string | null;
  challenge: string;
  expires_at: Date;
  used_at: Date | null;
}

export interface WrongCodesTable {
  tenant: string;
  attempt_id: string;
  subject_id: string;
  at: Date;
}

// A type alias: kysely asks for an index signature, which an interface does not have.
type WorkforceTables = {
  workforce_staff: StaffTable;
  workforce_invitations: InvitationsTable;
  workforce_authenticators: AuthenticatorsTable;
  workforce_ceremonies: CeremoniesTable;
  workforce_wrong_codes: WrongCodesTable;
};

/** The connection, narrowed to this module's tables. */
export function tables(db: Db) {
  return db.withTables<WorkforceTables>();
}
