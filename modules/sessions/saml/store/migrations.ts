import type { Migration } from '@proofline/storage';

/** What the SAML identity provider keeps. */
export const samlMigrations: readonly Migration[] = [
  {
    id: 'sessions-saml',
    why:
      'Pairwise names are random and kept for good: a service provider knows its people by them. Requests ' +
      'and logouts under way live for minutes; their ids are stored as SHA-256 only. Participants say at ' +
      'which service providers a session was used, and under which names, for single logout.',
    sql: `
      CREATE TABLE saml_name_ids (
        tenant text NOT NULL,
        entity_id text NOT NULL,
        subject_id text NOT NULL,
        name_id text NOT NULL,
        PRIMARY KEY (tenant, entity_id, subject_id)
      );
      CREATE TABLE saml_participants (
        tenant text NOT NULL,
        session_id text NOT NULL,
        application_id text NOT NULL,
        name_id_kind text NOT NULL CHECK (name_id_kind IN ('persistent', 'transient')),
        name_id text NOT NULL,
        session_index text NOT NULL,
        expires_at timestamptz NOT NULL,
        left_at timestamptz,
        PRIMARY KEY (tenant, session_id, application_id, name_id_kind)
      );
      CREATE INDEX saml_participants_by_name ON saml_participants (tenant, application_id, name_id);
      CREATE INDEX saml_participants_by_expiry ON saml_participants (tenant, expires_at);
      CREATE TABLE saml_under_way (
        tenant text NOT NULL,
        id_hash text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('sign-in', 'logout')),
        payload text NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, id_hash)
      );
      CREATE INDEX saml_under_way_by_expiry ON saml_under_way (tenant, expires_at)
    `,
  },
];
