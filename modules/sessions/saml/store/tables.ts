import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { NameIdKind } from '../domain/name-id-format.ts';

type NameIdRow = { tenant: string; entity_id: string; subject_id: string; name_id: string };

type ParticipantRow = {
  tenant: string;
  // Minted by us before it was stored.
  session_id: Id<'ses'>;
  application_id: string;
  name_id_kind: NameIdKind;
  name_id: string;
  session_index: string;
  expires_at: Date;
  left_at: Date | null;
};

type UnderWayRow = {
  tenant: string;
  id_hash: string;
  kind: 'sign-in' | 'logout';
  /** JSON, written and read by this room. */
  payload: string;
  expires_at: Date;
};

/** Aliases, because kysely asks for an index signature. */
type SamlTables = {
  saml_name_ids: NameIdRow;
  saml_participants: ParticipantRow;
  saml_under_way: UnderWayRow;
};

export type { ParticipantRow };

/** A connection or transaction, narrowed to these tables. */
export const samlTablesOf = (db: Db) => db.withTables<SamlTables>();
