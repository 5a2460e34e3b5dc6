import type { CibaTables } from '../ciba/store/tables.ts';
import type { ColumnType, Selectable } from 'kysely';
import type { Id } from '@proofline/kernel';
import type {
  Acr,
  ApplicationPolicy,
  ApplicationSettings,
  Realm,
  SignInMode,
} from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Algorithm } from '../dbsc/names.ts';
import type { CredentialLevel } from '../domain/kept-credential.ts';

// Every id was minted by Proofline before it was stored, so the columns bear their brands.
type SessionRow = {
  tenant: string;
  session_id: Id<'ses'>;
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
  /** The longest for which nobody did anything, since the last proof up to `last_seen_at`. */
  left_alone_seconds: number;
  expires_at: Date;
  mode: SignInMode;
  locked_at: Date | null;
  ended_at: Date | null;
  ended_because: string | null;
  evidence_id: Id<'evt'>;
};

type GrantRow = {
  tenant: string;
  grant_id: Id<'grt'>;
  session_id: Id<'ses'>;
  subject_id: Id<'stf'>;
  interaction_id: Id<'int'>;
  case_id: Id<'cse'>;
  proof_id: Id<'prf'>;
  customer_id: Id<'cus'>;
  /** JSON array. */
  actions: string;
  key_thumbprint: string;
  /** JSON array of {@link GrantProgram}, in the order in which they were called. */
  programs: string;
  /** The grant that the last of them was called with. */
  parent_id: Id<'grt'> | null;
  issued_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  evidence_id: Id<'evt'>;
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

type SessionAuthenticatorRow = {
  tenant: string;
  session_id: Id<'ses'>;
  authenticator_id: Id<'ath'>;
};

type RemovedAuthenticatorRow = {
  tenant: string;
  authenticator_id: Id<'ath'>;
  removed_at: Date;
};

/** What a session is bound to in the console, and when a use of it was refused last. */
type SessionKeyRow = {
  tenant: string;
  session_id: Id<'ses'>;
  /** RFC 7638 thumbprint of the console’s DPoP key. */
  console_key: string | null;
  refused_at: Date | null;
};

/** The device that a session is bound to, for good. */
type DeviceKeyRow = {
  tenant: string;
  session_id: Id<'ses'>;
  alg: Algorithm;
  /** JSON. */
  public_jwk: string;
  bound_at: Date;
};

type CredentialLevelTable = {
  tenant: string;
  authenticator_id: Id<'ath'>;
  level: CredentialLevel;
  evidence_id: Id<'evt'>;
  changed_at: Date;
};

type ApplicationTable = {
  tenant: string;
  application_id: Id<'app'>;
  protocol: ApplicationSettings['protocol'];
  realm: Realm;
  name: string;
  acr: Acr;
  max_age_seconds: number | null;
  posture: ColumnType<Pick<ApplicationPolicy, 'boundToDevice' | 'modes'> | null, string, string>;
  settings: ColumnType<ApplicationSettings, string, string>;
  version: number;
  registered_by: Id<'stf'> | null;
  registered_at: Date;
  changed_at: Date;
  suspended_at: Date | null;
  removed_at: Date | null;
  last_used_at: Date | null;
  evidence_id: Id<'evt'>;
};

type ApplicationUseTable = {
  tenant: string;
  session_id: Id<'ses'>;
  application_id: Id<'app'>;
  first_used_at: Date;
};

/** Of an application that is to be told of the end of a session. */
export type LogoutTable = {
  tenant: string;
  session_id: Id<'ses'>;
  application_id: Id<'app'>;
  subject_id: string;
  evidence_id: Id<'evt'>;
  attempts: number;
  next_attempt_at: Date;
  closed_at: Date | null;
  outcome: 'told' | 'given-up' | 'not-wanted' | null;
};

/** The tables of this module. Aliases, because kysely asks for an index signature. */
export type SessionTables = {
  sessions: SessionRow;
  session_authenticators: SessionAuthenticatorRow;
  session_removed_authenticators: RemovedAuthenticatorRow;
  session_grants: GrantRow;
  /** What lives as long as a session: the browser's session and the grants of consent. */
  oidc_payloads: OidcPayloadRow;
  /** What lives for minutes, and is begun anew after a crash. */
  oidc_transients: OidcPayloadRow;
  dpop_proofs: DpopProofRow;
  session_credential_levels: CredentialLevelTable;
  session_keys: SessionKeyRow;
  session_device_keys: DeviceKeyRow;
  session_applications: ApplicationTable;
  session_application_uses: ApplicationUseTable;
  session_logouts: LogoutTable;
} & CibaTables;

export type { DeviceKeyRow, DpopProofRow, GrantRow, SessionKeyRow, SessionRow };

/** A row of the registry, as it is read. */
export type ApplicationRowRead = Selectable<ApplicationTable>;

/** A connection or transaction, narrowed to this module's tables. */
export const tablesOf = (db: Db) => db.withTables<SessionTables>();
