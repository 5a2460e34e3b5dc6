import type { Migration } from '@proofline/storage';

/** The registry of applications, and which of them a session was used for. */
export const applicationMigrations: readonly Migration[] = [
  {
    id: 'sessions-applications',
    why:
      'Tools that let people sign in here. What only one protocol knows lies in `settings`, in the form ' +
      'of the contract. One that was removed keeps its row: its id is never given again, and the ' +
      'evidence names it. A session remembers where it was used, so that its end can be told there.',
    sql: `
      CREATE TABLE session_applications (
        tenant text NOT NULL,
        application_id text NOT NULL,
        protocol text NOT NULL CHECK (protocol IN ('oidc', 'saml')),
        realm text NOT NULL CHECK (realm IN ('workforce', 'customers')),
        name text NOT NULL,
        acr text NOT NULL CHECK (acr IN ('phr', 'phrh')),
        max_age_seconds integer,
        settings jsonb NOT NULL,
        version integer NOT NULL,
        registered_by text,
        registered_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        suspended_at timestamptz,
        removed_at timestamptz,
        last_used_at timestamptz,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, application_id)
      );
      CREATE UNIQUE INDEX session_applications_by_name
        ON session_applications (tenant, lower(name)) WHERE removed_at IS NULL;
      CREATE TABLE session_application_uses (
        tenant text NOT NULL,
        session_id text NOT NULL,
        application_id text NOT NULL,
        first_used_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, session_id, application_id)
      );
      CREATE INDEX session_application_uses_by_application
        ON session_application_uses (tenant, application_id)
    `,
    wall: { kept: { session_applications: 'never-removed' } },
  },
  {
    id: 'sessions-logouts',
    why:
      'Which applications are still to be told that a session has ended; written with its end, so that ' +
      'none is forgotten when a process dies.',
    sql: `
      CREATE TABLE session_logouts (
        tenant text NOT NULL,
        session_id text NOT NULL,
        application_id text NOT NULL,
        subject_id text NOT NULL,
        evidence_id text NOT NULL,
        attempts integer NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        closed_at timestamptz,
        outcome text CHECK (outcome IN ('told', 'given-up', 'not-wanted')),
        PRIMARY KEY (tenant, session_id, application_id)
      );
      CREATE INDEX session_logouts_due ON session_logouts (tenant, next_attempt_at)
        WHERE closed_at IS NULL
    `,
  },
  {
    id: 'sessions-application-posture',
    why: 'What an application asks of the machine and the browser that people sign in with; null: nothing.',
    sql: `ALTER TABLE session_applications ADD COLUMN posture jsonb`,
  },
];
