import type { ColumnType } from 'kysely';
import type { Db } from '@proofline/storage';

type SessionRow = {
  tenant: string;
  session_id: string;
  realm: 'workforce' | 'customers';
  subject_id: string;
  /** `uid` of oidc-provider's session; set when the browser comes back from the sign-in page. */
  oidc_uid: string | null;
  interaction_uid: string | null;
  cookie_hash: string | null;
  phr_at: Date | null;
  phrh_at: Date | null;
  /** JSON array. */
  amr: string;
  started_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  ended_because: string | null;
  evidence_id: string;
};

type GrantRow = {
  tenant: string;
  grant_id: string;
  session_id: string;
  subject_id: string;
  interaction_id: string;
  case_id: string;
  proof_id: string;
  customer_id: string;
  /** JSON array. */
  actions: string;
  key_thumbprint: string;
  issued_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  evidence_id: string;
};

type OidcPayloadRow = {
  tenant: string;
  model: string;
  id_hash: string;
  uid: string | null;
  grant_id: string | null;
  payload: ColumnType<Record<string, unknown>, string, string>;
  expires_at: Date;
  consumed_at: Date | null;
};

type DpopProofRow = {
  tenant: string;
  proof_hash: string;
  expires_at: Date;
};

/** The tables of this module. Aliases, because kysely asks for an index signature. */
export type SessionTables = {
  sessions: SessionRow;
  session_grants: GrantRow;
  oidc_payloads: OidcPayloadRow;
  dpop_proofs: DpopProofRow;
};

export type { GrantRow, SessionRow };

/** A connection or transaction, narrowed to this module's tables. */
export const tablesOf = (db: Db) => db.withTables<SessionTables>();
