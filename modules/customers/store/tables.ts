import type { Db } from '@proofline/storage';

export interface CustomersTable {
  tenant: string;
  customer_id: string;
  account_number: string;
  name: string;
  greeting_name: string;
  contact_kind: string | null;
  contact_address: string | null;
  user_handle: string;
  enrolled_at: Date | null;
  imported_at: Date;
  recovered_until: Date | null;
}

interface FormerContactsTable {
  tenant: string;
  customer_id: string;
  until: Date;
  contact_kind: string;
  contact_address: string;
}

export interface EnrolmentsTable {
  tenant: string;
  enrolment_id: string;
  customer_id: string;
  secret_digest: string;
  device_digest: string | null;
  invited_at: Date;
  expires_at: Date;
  opened_at: Date | null;
  used_at: Date | null;
  voided_at: Date | null;
  evidence_id: string;
}

export interface AuthenticatorsTable {
  tenant: string;
  authenticator_id: string;
  customer_id: string;
  credential_id: string;
  public_key: string;
  algorithm: number;
  counter: number | string;
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
  /** The passkey that vouched for it; null for the first one, which a link let in. */
  vouched_by: string | null;
  at_most: string | null;
  label: string | null;
  removed_at: Date | null;
  recovery_id: string | null;
}

export interface CeremoniesTable {
  tenant: string;
  ceremony_id: string;
  kind: string;
  challenge: string;
  enrolment_id: string | null;
  session_id: string | null;
  /** JSON: the change that is to be made. */
  purpose: string | null;
  expires_at: Date;
  used_at: Date | null;
}

export interface MessagesTable {
  tenant: string;
  message_id: string;
  recipient_id: string;
  contact_kind: string | null;
  contact_address: string | null;
  body: string | null;
  link: string | null;
  state: string;
  attempts: number;
  next_attempt_at: Date;
  not_after: Date;
  created_at: Date;
  closed_at: Date | null;
}

export interface HistoryTable {
  tenant: string;
  evidence_id: string;
  customer_id: string;
  kind: string;
  label: string | null;
  tried: string | null;
  at: Date;
}

// A type alias: kysely asks for an index signature, which an interface does not have.
type CustomerModuleTables = {
  customers: CustomersTable;
  customer_former_contacts: FormerContactsTable;
  customer_enrolments: EnrolmentsTable;
  customer_authenticators: AuthenticatorsTable;
  customer_ceremonies: CeremoniesTable;
  customer_messages: MessagesTable;
  customer_authenticator_history: HistoryTable;
};

/** The connection, narrowed to this module's tables. */
export function tables(db: Db) {
  return db.withTables<CustomerModuleTables>();
}
