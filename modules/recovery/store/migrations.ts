import type { Migration } from '@proofline/storage';

/** The module's schema. */
export const migrations: readonly Migration[] = [
  {
    id: 'recovery-1',
    why:
      'What subjects laid by, and what became of recoveries. Of codes only a salted slow hash is kept, ' +
      'of cookies and links only digests. `course` is the state of the pure machine; its digest is in ' +
      'the entry that `evidence_id` names, so that an edited row is noticed. A recovery without a ' +
      'subject is one for an account that there is not: to the outside it looks the same.',
    sql: `
CREATE TABLE recovery_preparations (
  tenant text NOT NULL,
  subject_id text NOT NULL,
  contacts text NOT NULL,
  contacts_needed integer NOT NULL,
  chosen_at timestamptz,
  code_salt text,
  code_hash text,
  code_made_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, subject_id),
  CHECK ((code_hash IS NULL) = (code_salt IS NULL)),
  CHECK ((code_hash IS NULL) = (code_made_at IS NULL))
);
CREATE TABLE recovery_recoveries (
  tenant text NOT NULL,
  recovery_id text NOT NULL,
  subject_id text,
  state text NOT NULL CHECK (state IN
    ('asked', 'collecting', 'waiting', 'completed', 'cancelled', 'expired', 'superseded')),
  asked_for text,
  browser_digest text NOT NULL,
  matching_code text NOT NULL,
  course text,
  evidence_id text,
  asked_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, recovery_id),
  UNIQUE (tenant, browser_digest),
  CHECK ((state = 'asked') = (course IS NULL)),
  CHECK ((state = 'asked') = (asked_for IS NOT NULL)),
  CHECK (subject_id IS NULL OR evidence_id IS NOT NULL)
);
CREATE INDEX recovery_recoveries_of ON recovery_recoveries (tenant, subject_id, asked_at);
CREATE INDEX recovery_recoveries_open ON recovery_recoveries (tenant, state, matching_code)`,
    // What was asked for an account that there is not is removed after some days.
    wall: { kept: { recovery_preparations: 'never-removed' } },
  },
  {
    id: 'recovery-2',
    why:
      'What is good for hours or days: the links that can only cancel, ceremonies, tries that are ' +
      'counted, and the latest time that this room has seen, behind which the clock must not fall.',
    sql: `
CREATE TABLE recovery_cancel_links (
  tenant text NOT NULL,
  secret_digest text NOT NULL,
  recovery_id text NOT NULL,
  PRIMARY KEY (tenant, secret_digest)
);
CREATE TABLE recovery_ceremonies (
  tenant text NOT NULL,
  ceremony_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('vouch', 'registration')),
  bound_to text NOT NULL,
  recovery_id text NOT NULL,
  challenge text NOT NULL,
  context text,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant, ceremony_id)
);
CREATE INDEX recovery_ceremonies_expiry ON recovery_ceremonies (tenant, expires_at);
CREATE TABLE recovery_attempts (
  tenant text NOT NULL,
  attempt_id text NOT NULL,
  key text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, attempt_id)
);
CREATE INDEX recovery_attempts_of ON recovery_attempts (tenant, key, at);
CREATE TABLE recovery_clock (
  tenant text NOT NULL,
  seen_at timestamptz NOT NULL,
  PRIMARY KEY (tenant)
)`,
  },
  {
    id: 'recovery-3',
    why:
      'Customers recover by the same machine: which realm a recovery is of is looked at in every ' +
      'statement, so that a link, cookie or code of one is none of the other. A customer’s contacts ' +
      'come one by one, each by an invitation that is good once, and each counts from its own time.',
    sql: `
ALTER TABLE recovery_recoveries
  ADD COLUMN realm text NOT NULL DEFAULT 'workforce' CHECK (realm IN ('workforce', 'customers'));
ALTER TABLE recovery_recoveries ALTER COLUMN realm DROP DEFAULT;
ALTER TABLE recovery_preparations ADD COLUMN contacts_since text;
ALTER TABLE recovery_ceremonies ALTER COLUMN recovery_id DROP NOT NULL;
ALTER TABLE recovery_ceremonies DROP CONSTRAINT recovery_ceremonies_kind_check;
ALTER TABLE recovery_ceremonies
  ADD CONSTRAINT recovery_ceremonies_kind CHECK (kind IN ('vouch', 'registration', 'own-act')),
  ADD CONSTRAINT recovery_ceremonies_for CHECK ((recovery_id IS NULL) = (kind = 'own-act'));
CREATE TABLE recovery_invitations (
  tenant text NOT NULL,
  secret_digest text NOT NULL,
  subject_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant, secret_digest)
);
CREATE INDEX recovery_invitations_of ON recovery_invitations (tenant, subject_id, expires_at)`,
  },
  {
    id: 'recovery-4',
    why:
      'An invitation is what its entry says, and good for as long as the passkey that signed it. Those ' +
      'that were made before have neither, and are accepted no more.',
    sql: `
ALTER TABLE recovery_invitations
  ADD COLUMN authenticator_id text,
  ADD COLUMN evidence_id text`,
  },
];
