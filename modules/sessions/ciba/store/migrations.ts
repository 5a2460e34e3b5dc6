import type { Migration } from '@proofline/storage';

/** What applications ask of people who are not at their screen. */
export const cibaMigrations: readonly Migration[] = [
  {
    id: 'sessions-ciba',
    why:
      'A request to sign in waits until its person answers it, in whatever browser. The id by which the ' +
      'application asks for the answer is a secret, and kept as a digest; where the application is to be ' +
      'told, it is sealed until then, with the application’s own token. Requests that nobody is shown are ' +
      'kept like the others, so that nothing tells them apart.',
    sql: `
      CREATE TABLE session_sign_in_requests (
        tenant text NOT NULL,
        request_id text NOT NULL,
        auth_req_hash text NOT NULL,
        application_id text NOT NULL,
        application_version integer NOT NULL,
        subject_id text NOT NULL,
        is_shown boolean NOT NULL,
        binding_message text NOT NULL,
        scope text NOT NULL,
        resource text,
        acr text NOT NULL CHECK (acr IN ('phr', 'phrh')),
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        interval_seconds integer NOT NULL,
        polled_at timestamptz,
        state text NOT NULL CHECK (state IN ('waiting', 'allowed', 'refused', 'expired')),
        evidence_id text NOT NULL,
        sealed_ping text,
        ping_attempts integer NOT NULL,
        ping_at timestamptz,
        PRIMARY KEY (tenant, request_id)
      );
      CREATE UNIQUE INDEX session_sign_in_requests_by_secret
        ON session_sign_in_requests (tenant, auth_req_hash);
      CREATE INDEX session_sign_in_requests_by_subject
        ON session_sign_in_requests (tenant, subject_id, asked_at);
      CREATE INDEX session_sign_in_requests_by_application
        ON session_sign_in_requests (tenant, application_id, asked_at);
      CREATE INDEX session_sign_in_requests_by_end
        ON session_sign_in_requests (tenant, expires_at);
      CREATE INDEX session_sign_in_requests_to_tell
        ON session_sign_in_requests (tenant, ping_at) WHERE ping_at IS NOT NULL;
      CREATE TABLE session_silenced_applications (
        tenant text NOT NULL,
        subject_id text NOT NULL,
        application_id text NOT NULL,
        until timestamptz NOT NULL,
        PRIMARY KEY (tenant, subject_id, application_id)
      )
    `,
  },
  {
    id: 'sessions-ciba-told',
    why:
      'Of which requests a customer was told at the contact on file: fewer than stand on their page. Of those ' +
      'before nobody knows any more, and they count as none.',
    sql: 'ALTER TABLE session_sign_in_requests ADD COLUMN is_told boolean NOT NULL DEFAULT false',
  },
  {
    id: 'sessions-ciba-to-tell',
    why: 'A customer is told after the application has its answer, by whichever process looks next.',
    sql: `
      ALTER TABLE session_sign_in_requests ADD COLUMN is_to_be_told boolean NOT NULL DEFAULT false;
      CREATE INDEX session_sign_in_requests_to_be_told
        ON session_sign_in_requests (tenant) WHERE is_to_be_told
    `,
  },
];
