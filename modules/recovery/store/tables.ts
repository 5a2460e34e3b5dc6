import type { Db } from '@proofline/storage';

export interface PreparationsTable {
  tenant: string;
  subject_id: string;
  contacts: string;
  contacts_since: string | null;
  contacts_needed: number;
  chosen_at: Date | null;
  code_salt: string | null;
  code_hash: string | null;
  code_made_at: Date | null;
  evidence_id: string;
}

export interface RecoveriesTable {
  tenant: string;
  realm: string;
  recovery_id: string;
  subject_id: string | null;
  state: string;
  /** The employee or account number, until it was looked up. */
  asked_for: string | null;
  browser_digest: string;
  matching_code: string;
  course: string | null;
  evidence_id: string | null;
  asked_at: Date;
}

interface CancelLinksTable {
  tenant: string;
  secret_digest: string;
  recovery_id: string;
}

interface CeremoniesTable {
  tenant: string;
  ceremony_id: string;
  kind: string;
  bound_to: string;
  /** Absent where one lays something by. */
  recovery_id: string | null;
  challenge: string;
  context: string | null;
  expires_at: Date;
  used_at: Date | null;
}

export interface InvitationsTable {
  tenant: string;
  secret_digest: string;
  subject_id: string;
  expires_at: Date;
  used_at: Date | null;
  /** Absent of one that was made before entries vouched for them. */
  authenticator_id: string | null;
  evidence_id: string | null;
}

interface AttemptsTable {
  tenant: string;
  attempt_id: string;
  key: string;
  at: Date;
}

interface ClockTable {
  tenant: string;
  seen_at: Date;
}

// A type alias: kysely asks for an index signature, which an interface does not have.
type RecoveryTables = {
  recovery_preparations: PreparationsTable;
  recovery_recoveries: RecoveriesTable;
  recovery_cancel_links: CancelLinksTable;
  recovery_ceremonies: CeremoniesTable;
  recovery_invitations: InvitationsTable;
  recovery_attempts: AttemptsTable;
  recovery_clock: ClockTable;
};

/** The connection, narrowed to this module's tables. */
export function tables(db: Db) {
  return db.withTables<RecoveryTables>();
}
