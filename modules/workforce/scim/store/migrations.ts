import type { Migration } from '@proofline/storage';

/** The tables of provisioning, and what it may say of a person. */
export const scimMigrations: readonly Migration[] = [
  {
    id: 'scim-1',
    why:
      'A directory says who works here and who has left. A person who left keeps state, role and ' +
      'authenticators: these are history, and nothing that is asked looks at them while left_at ' +
      'stands. A role that a group gave and took away again leaves the account without one.',
    sql: `
ALTER TABLE workforce_staff
  ADD COLUMN left_at timestamptz, ADD COLUMN role_withdrawn_at timestamptz`,
  },
  {
    id: 'scim-2',
    why:
      'Connections of directories, each a principal of its own, and their tokens, of which only ' +
      'digests are kept. What a directory says of a person stands beside the person, so that it can ' +
      'be read back; a user name is one person’s until the directory removes them. Of changes and ' +
      'refusals the newest are kept for the screen; the evidence keeps all.',
    sql: `
CREATE TABLE scim_connections (
  tenant text NOT NULL,
  connection_id text NOT NULL,
  name text NOT NULL,
  connected_by text NOT NULL,
  connected_at timestamptz NOT NULL,
  ended_at timestamptz,
  last_used_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, connection_id)
);
CREATE TABLE scim_tokens (
  tenant text NOT NULL,
  token_id text NOT NULL,
  connection_id text NOT NULL,
  digest text NOT NULL,
  issued_by text NOT NULL,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant, token_id),
  UNIQUE (tenant, digest),
  CHECK (expires_at <= issued_at + interval '90 days')
);
CREATE TABLE scim_people (
  tenant text NOT NULL,
  subject_id text NOT NULL,
  user_name_key text NOT NULL,
  external_id text,
  resource jsonb NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  removed_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, subject_id)
);
CREATE UNIQUE INDEX scim_people_user_name ON scim_people (tenant, user_name_key)
  WHERE removed_at IS NULL;
CREATE INDEX scim_people_external_id ON scim_people (tenant, external_id);
CREATE TABLE scim_events (
  tenant text NOT NULL,
  event_id text NOT NULL,
  connection_id text NOT NULL,
  at timestamptz NOT NULL,
  kind text NOT NULL,
  about text,
  because text,
  PRIMARY KEY (tenant, event_id)
);
CREATE INDEX scim_events_at ON scim_events (tenant, at)`,
    wall: { kept: { scim_connections: 'never-removed', scim_people: 'never-removed' } },
  },
  {
    id: 'scim-3',
    why:
      'Groups of directories. Which role one stands for, configuration says by its name; who is in ' +
      'it, the directory.',
    sql: `
CREATE TABLE scim_groups (
  tenant text NOT NULL,
  group_id text NOT NULL,
  name_key text NOT NULL,
  name text NOT NULL,
  external_id text,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, group_id),
  UNIQUE (tenant, name_key)
);
CREATE TABLE scim_group_members (
  tenant text NOT NULL,
  group_id text NOT NULL,
  subject_id text NOT NULL,
  PRIMARY KEY (tenant, group_id, subject_id)
);
CREATE INDEX scim_group_members_of ON scim_group_members (tenant, subject_id)`,
  },
];
