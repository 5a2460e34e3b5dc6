import type { JsonObject } from '@proofline/kernel';
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
  left_at: Date | null;
  role_withdrawn_at: Date | null;
  recovered_until: Date | null;
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
  /** The link that let it in, the passkey that vouched for it, or a recovery: one of the three. */
  invitation_id: string | null;
  recovery_id: string | null;
  vouched_by: string | null;
  at_most: string | null;
  counts_as: string | null;
  label: string | null;
  removed_at: Date | null;
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
  /** JSON: the change that is to be made. */
  purpose: string | null;
  expires_at: Date;
  used_at: Date | null;
}

export interface WrongCodesTable {
  tenant: string;
  attempt_id: string;
  subject_id: string;
  at: Date;
}

export interface HistoryTable {
  tenant: string;
  evidence_id: string;
  subject_id: string;
  kind: string;
  label: string | null;
  acr: string | null;
  tried: string | null;
  at: Date;
}

export interface ChannelsTable {
  tenant: string;
  subject_id: string;
  kind: string;
  address: string;
}

export interface ScimConnectionsTable {
  tenant: string;
  connection_id: string;
  name: string;
  connected_by: string;
  connected_at: Date;
  ended_at: Date | null;
  last_used_at: Date | null;
  evidence_id: string;
}

export interface ScimTokensTable {
  tenant: string;
  token_id: string;
  connection_id: string;
  digest: string;
  issued_by: string;
  issued_at: Date;
  expires_at: Date;
  last_used_at: Date | null;
}

export interface ScimPeopleTable {
  tenant: string;
  subject_id: string;
  user_name_key: string;
  external_id: string | null;
  resource: JsonObject;
  version: number;
  created_at: Date;
  changed_at: Date;
  removed_at: Date | null;
  evidence_id: string;
}

export interface ScimEventsTable {
  tenant: string;
  event_id: string;
  connection_id: string;
  at: Date;
  kind: string;
  about: string | null;
  because: string | null;
}

export interface ScimGroupsTable {
  tenant: string;
  group_id: string;
  name_key: string;
  name: string;
  external_id: string | null;
  version: number;
  created_at: Date;
  changed_at: Date;
  evidence_id: string;
}

export interface ScimGroupMembersTable {
  tenant: string;
  group_id: string;
  subject_id: string;
}

// A type alias: kysely asks for an index signature, which an interface does not have.
type WorkforceTables = {
  workforce_staff: StaffTable;
  workforce_invitations: InvitationsTable;
  workforce_authenticators: AuthenticatorsTable;
  workforce_ceremonies: CeremoniesTable;
  workforce_wrong_codes: WrongCodesTable;
  workforce_authenticator_history: HistoryTable;
  workforce_channels: ChannelsTable;
  scim_connections: ScimConnectionsTable;
  scim_tokens: ScimTokensTable;
  scim_people: ScimPeopleTable;
  scim_events: ScimEventsTable;
  scim_groups: ScimGroupsTable;
  scim_group_members: ScimGroupMembersTable;
};

/** The connection, narrowed to this module's tables. */
export function tables(db: Db) {
  return db.withTables<WorkforceTables>();
}
