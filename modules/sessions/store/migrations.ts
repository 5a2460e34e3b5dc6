import type { Migration } from '@proofline/storage';
import { cibaMigrations } from '../ciba/store/migrations.ts';
import { keyMigrations } from '../keys/store/migrations.ts';
import { serviceMigrations } from '../programs/store/migrations.ts';
import { applicationMigrations } from '../applications/store/migrations.ts';
import { consentMigrations } from '../consents/store/migrations.ts';
import { samlMigrations } from '../saml/store/migrations.ts';

/** The tables of `sessions`. */
export const migrations: readonly Migration[] = [
  {
    id: 'sessions-1',
    why:
      'A session keeps one time per assurance level. Secrets (cookies, codes, OIDC payload ids) are ' +
      'stored as SHA-256 only: who reads the table cannot sign in with it.',
    sql: `
      CREATE TABLE sessions (
        tenant text NOT NULL,
        session_id text NOT NULL,
        realm text NOT NULL CHECK (realm IN ('workforce', 'customers')),
        subject_id text NOT NULL,
        oidc_uid text,
        interaction_uid text,
        cookie_hash text,
        phr_at timestamptz,
        phrh_at timestamptz,
        amr text NOT NULL,
        started_at timestamptz NOT NULL,
        last_seen_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        ended_because text,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, session_id)
      );
      CREATE UNIQUE INDEX sessions_by_interaction ON sessions (tenant, interaction_uid)
        WHERE interaction_uid IS NOT NULL;
      CREATE UNIQUE INDEX sessions_by_cookie ON sessions (tenant, cookie_hash)
        WHERE cookie_hash IS NOT NULL;
      CREATE INDEX sessions_by_subject ON sessions (tenant, subject_id);
      CREATE INDEX sessions_by_oidc ON sessions (tenant, oidc_uid);
      CREATE TABLE session_grants (
        tenant text NOT NULL,
        grant_id text NOT NULL,
        session_id text NOT NULL,
        subject_id text NOT NULL,
        interaction_id text NOT NULL,
        case_id text NOT NULL,
        proof_id text NOT NULL,
        customer_id text NOT NULL,
        actions text NOT NULL,
        key_thumbprint text NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, grant_id)
      );
      CREATE INDEX session_grants_by_session ON session_grants (tenant, session_id);
      CREATE INDEX session_grants_by_interaction ON session_grants (tenant, interaction_id);
      CREATE TABLE oidc_payloads (
        tenant text NOT NULL,
        model text NOT NULL,
        id_hash text NOT NULL,
        uid text,
        grant_id text,
        payload jsonb NOT NULL,
        expires_at timestamptz NOT NULL,
        consumed_at timestamptz,
        PRIMARY KEY (tenant, model, id_hash)
      );
      CREATE INDEX oidc_payloads_by_grant ON oidc_payloads (tenant, grant_id);
      CREATE INDEX oidc_payloads_by_uid ON oidc_payloads (tenant, model, uid);
      CREATE INDEX oidc_payloads_by_expiry ON oidc_payloads (tenant, expires_at);
      CREATE TABLE dpop_proofs (
        tenant text NOT NULL,
        proof_hash text NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, proof_hash)
      );
      CREATE INDEX dpop_proofs_by_expiry ON dpop_proofs (tenant, expires_at)
    `,
  },
  {
    id: 'sessions-2',
    why:
      'Which authenticators a session rests on, so that it ends with any of them; and which are ' +
      'removed, so that a sign-in that was under way starts nothing on one. Both are read and ' +
      'written in serializable transactions: one of the two sees the other.',
    sql: `
      CREATE TABLE session_authenticators (
        tenant text NOT NULL,
        session_id text NOT NULL,
        authenticator_id text NOT NULL,
        PRIMARY KEY (tenant, session_id, authenticator_id)
      );
      CREATE INDEX session_authenticators_by_authenticator
        ON session_authenticators (tenant, authenticator_id);
      CREATE TABLE session_removed_authenticators (
        tenant text NOT NULL,
        authenticator_id text NOT NULL,
        removed_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, authenticator_id)
      )
    `,
    wall: { kept: { session_removed_authenticators: 'append-only' } },
  },
  {
    id: 'sessions-credential-levels',
    why:
      'What a sweep found a kept credential to be worth, where that is not what it was registered as: ' +
      'so that a change is told once, and by whom it was found.',
    sql: `
      CREATE TABLE session_credential_levels (
        tenant text NOT NULL,
        authenticator_id text NOT NULL,
        level text NOT NULL CHECK (level IN ('phrh', 'phr', 'none')),
        evidence_id text NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, authenticator_id)
      )
    `,
  },
  {
    id: 'sessions-3',
    why:
      'Pages, pushed requests, codes and replayed ids live for minutes, and cost a flush of the disk ' +
      'each. What is unlogged costs none, and is gone as a whole after a crash: a code is then ' +
      'unknown, not unused, and a sign-in begins anew. Those that are open now do so, too.',
    sql: `
      CREATE UNLOGGED TABLE oidc_transients (
        tenant text NOT NULL,
        model text NOT NULL,
        id_hash text NOT NULL,
        uid text,
        grant_id text,
        payload jsonb NOT NULL,
        expires_at timestamptz NOT NULL,
        consumed_at timestamptz,
        PRIMARY KEY (tenant, model, id_hash)
      );
      CREATE INDEX oidc_transients_by_grant ON oidc_transients (tenant, grant_id);
      CREATE INDEX oidc_transients_by_uid ON oidc_transients (tenant, model, uid);
      CREATE INDEX oidc_transients_by_expiry ON oidc_transients (tenant, expires_at);
      DELETE FROM oidc_payloads WHERE model NOT IN ('Session', 'Grant')
    `,
  },
  {
    id: 'sessions-keys',
    why:
      'What a session is bound to besides its cookie. The console’s key changes only with a passkey’s ' +
      'answer; the device’s key never does, and cannot be taken back: whoever has a copy of the cookie ' +
      'must not be able to make a bound session an unbound one.',
    sql: `
      CREATE TABLE session_keys (
        tenant text NOT NULL,
        session_id text NOT NULL,
        console_key text,
        refused_at timestamptz,
        PRIMARY KEY (tenant, session_id)
      );
      CREATE TABLE session_device_keys (
        tenant text NOT NULL,
        session_id text NOT NULL,
        alg text NOT NULL CHECK (alg IN ('ES256', 'RS256')),
        public_jwk text NOT NULL,
        bound_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, session_id)
      )
    `,
    wall: { kept: { session_device_keys: 'append-only', session_keys: 'never-removed' } },
  },
  {
    id: 'sessions-modes',
    why:
      'Where somebody signed in decides how long their session lasts; a locked one waits for their ' +
      'passkey. Sessions from before were begun at machines of one’s own.',
    sql: `
      ALTER TABLE sessions ADD COLUMN mode text NOT NULL DEFAULT 'personal'
        CHECK (mode IN ('personal', 'vdi', 'shared-workstation', 'kiosk'));
      ALTER TABLE sessions ADD COLUMN locked_at timestamptz
    `,
  },
  {
    id: 'sessions-left-alone',
    why:
      'The longest for which nobody did anything since the last proof: what weighs asks for a touch ' +
      'afterwards, and one harmless request must not make that be forgotten. Of the sessions that are ' +
      'open now nobody knows it, so it was long.',
    sql: `
      ALTER TABLE sessions ADD COLUMN left_alone_seconds integer NOT NULL DEFAULT 86400
    `,
  },
  {
    id: 'sessions-chains',
    why:
      'A program that was called with a grant gets one of its own for the next API. It names who acts, each ' +
      'with the key that it was obtained with, and the grant before it: it is over with any of them.',
    sql: `
      ALTER TABLE session_grants ADD COLUMN programs text NOT NULL DEFAULT '[]';
      ALTER TABLE session_grants ADD COLUMN parent_id text
    `,
  },
  ...serviceMigrations,
  ...applicationMigrations,
  ...keyMigrations,
  ...samlMigrations,
  ...cibaMigrations,
  ...consentMigrations,
];
