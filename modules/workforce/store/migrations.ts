import type { Migration } from '@proofline/storage';
import { scimMigrations } from '../scim/store/migrations.ts';

/** The module's schema. */
export const migrations: readonly Migration[] = [
  {
    id: 'workforce-1',
    why:
      'Who works here and how they came in. An employee number belongs to one subject for ever, so ' +
      'that nobody comes in twice. Of links and cookies only digests are kept. The code is kept in ' +
      'clear: it must be shown again on the screen of the one device, and is worthless without a ' +
      'team lead’s session.',
    sql: `
CREATE TABLE workforce_staff (
  tenant text NOT NULL,
  subject_id text NOT NULL,
  employee_number text NOT NULL,
  display_name text NOT NULL,
  desk text NOT NULL,
  user_handle text NOT NULL,
  state text NOT NULL CHECK (state IN ('invited', 'registered', 'active')),
  role text,
  created_at timestamptz NOT NULL,
  activated_at timestamptz,
  PRIMARY KEY (tenant, subject_id),
  UNIQUE (tenant, employee_number),
  UNIQUE (tenant, user_handle),
  CHECK ((state = 'active') = (role IS NOT NULL)),
  CHECK ((state = 'active') = (activated_at IS NOT NULL))
);
CREATE TABLE workforce_invitations (
  tenant text NOT NULL,
  invitation_id text NOT NULL,
  subject_id text NOT NULL,
  secret_digest text NOT NULL,
  state text NOT NULL
    CHECK (state IN ('sent', 'opened', 'registered', 'confirmed', 'superseded')),
  invited_by text,
  founding_role text,
  invited_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  device_digest text,
  code text,
  code_expires_at timestamptz,
  confirmed_by text,
  role text,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, invitation_id),
  UNIQUE (tenant, secret_digest),
  UNIQUE (tenant, device_digest),
  CHECK ((invited_by IS NULL) = (founding_role IS NOT NULL)),
  CHECK (confirmed_by IS NULL OR (confirmed_by <> invited_by AND confirmed_by <> subject_id)),
  CHECK (state <> 'confirmed' OR (confirmed_by IS NULL) = (founding_role IS NOT NULL))
);
CREATE INDEX workforce_invitations_of ON workforce_invitations (tenant, subject_id);
CREATE INDEX workforce_invitations_state ON workforce_invitations (tenant, state)`,
    wall: {
      kept: { workforce_staff: 'never-removed', workforce_invitations: 'never-removed' },
      desks: {
        workforce_staff: 'desk = :desk OR subject_id = :reader',
        // Whose person it is, the policy of the staff says.
        workforce_invitations:
          'EXISTS (SELECT 1 FROM workforce_staff AS person ' +
          'WHERE person.tenant = workforce_invitations.tenant ' +
          'AND person.subject_id = workforce_invitations.subject_id)',
      },
    },
  },
  {
    id: 'workforce-2',
    why:
      'Passkeys. Inserted once, by the subject’s own ceremony, at most one per invitation; ' +
      'afterwards only the counter, the backup state and the time of use move. There is no ' +
      'statement that replaces or deletes one (P1).',
    sql: `
CREATE TABLE workforce_authenticators (
  tenant text NOT NULL,
  authenticator_id text NOT NULL,
  subject_id text NOT NULL,
  invitation_id text NOT NULL,
  credential_id text NOT NULL,
  public_key text NOT NULL,
  algorithm integer NOT NULL,
  counter bigint NOT NULL,
  backup_eligible boolean NOT NULL,
  backed_up boolean NOT NULL,
  aaguid text NOT NULL,
  acr text NOT NULL CHECK (acr IN ('phr', 'phrh')),
  attestation_format text NOT NULL,
  attestation_object text NOT NULL,
  transports text NOT NULL,
  user_handle text NOT NULL,
  evidence_id text NOT NULL,
  registered_at timestamptz NOT NULL,
  last_used_at timestamptz,
  PRIMARY KEY (tenant, authenticator_id),
  UNIQUE (tenant, invitation_id),
  UNIQUE (tenant, credential_id)
);
CREATE INDEX workforce_authenticators_of ON workforce_authenticators (tenant, subject_id)`,
    wall: { kept: { workforce_authenticators: 'never-removed' } },
  },
  {
    id: 'workforce-3',
    why:
      'What is open for minutes: ceremonies (a challenge is good once, for one invitation or one ' +
      'sign-in), and wrong confirmation codes, so that six digits cannot be guessed.',
    sql: `
CREATE TABLE workforce_ceremonies (
  tenant text NOT NULL,
  ceremony_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('registration', 'sign-in')),
  bound_to text NOT NULL,
  subject_id text,
  challenge text NOT NULL,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant, ceremony_id)
);
CREATE INDEX workforce_ceremonies_bound ON workforce_ceremonies (tenant, kind, bound_to);
CREATE INDEX workforce_ceremonies_expiry ON workforce_ceremonies (tenant, expires_at);
CREATE TABLE workforce_wrong_codes (
  tenant text NOT NULL,
  attempt_id text NOT NULL,
  subject_id text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, attempt_id)
);
CREATE INDEX workforce_wrong_codes_of ON workforce_wrong_codes (tenant, subject_id, at)`,
  },
  {
    id: 'workforce-4',
    why:
      'One open ceremony per invitation and per sign-in, said by the table: two that began at the ' +
      'same moment did not see each other. Those that are open live for minutes and are begun anew.',
    sql: `
DELETE FROM workforce_ceremonies;
DROP INDEX workforce_ceremonies_bound;
CREATE UNIQUE INDEX workforce_ceremonies_bound ON workforce_ceremonies (tenant, kind, bound_to)`,
  },
  {
    id: 'workforce-5',
    why:
      'An invitation keeps the name and the desk that it was issued with. Read from the person, a ' +
      'replaced one told of the desk that came after it, to the lead of that desk.',
    sql: `
ALTER TABLE workforce_invitations ADD COLUMN display_name text, ADD COLUMN desk text;
UPDATE workforce_invitations AS invitation SET display_name = person.display_name, desk = person.desk
FROM workforce_staff AS person
WHERE person.tenant = invitation.tenant AND person.subject_id = invitation.subject_id;
ALTER TABLE workforce_invitations
  ALTER COLUMN display_name SET NOT NULL, ALTER COLUMN desk SET NOT NULL`,
    wall: { desks: { workforce_invitations: 'desk = :desk OR subject_id = :reader' } },
  },
  {
    id: 'workforce-6',
    why:
      'Who reads why somebody could act must find who gave them their role, and in which entry: it ' +
      'becomes a cause of each of their sessions.',
    sql: `
ALTER TABLE workforce_staff ADD COLUMN role_evidence_id text;
UPDATE workforce_staff AS person SET role_evidence_id = invitation.evidence_id
FROM workforce_invitations AS invitation
WHERE invitation.tenant = person.tenant AND invitation.subject_id = person.subject_id
  AND invitation.state = 'confirmed' AND person.state = 'active'`,
  },
  {
    id: 'workforce-7',
    why:
      'A subject’s own further passkeys: the row names what let it in, the link of the first day or ' +
      'the passkey that vouched for it, and it counts as no more than that one. A removed one stays, ' +
      'marked, so that no credential comes back and every entry of evidence keeps its key.',
    sql: `
ALTER TABLE workforce_authenticators ALTER COLUMN invitation_id DROP NOT NULL;
ALTER TABLE workforce_authenticators
  ADD COLUMN vouched_by text,
  ADD COLUMN at_most text CHECK (at_most IN ('phr', 'phrh')),
  ADD COLUMN counts_as text CHECK (counts_as IN ('phr', 'phrh')),
  ADD COLUMN label text,
  ADD COLUMN removed_at timestamptz,
  ADD CONSTRAINT workforce_authenticators_let_in
    CHECK ((invitation_id IS NULL) <> (vouched_by IS NULL)),
  ADD CONSTRAINT workforce_authenticators_at_most
    CHECK ((vouched_by IS NULL) = (at_most IS NULL));
ALTER TABLE workforce_ceremonies DROP CONSTRAINT workforce_ceremonies_kind_check;
ALTER TABLE workforce_ceremonies
  ADD COLUMN purpose text,
  ADD CONSTRAINT workforce_ceremonies_kind
    CHECK (kind IN ('registration', 'sign-in', 'own-act', 'own-registration'))`,
  },
  {
    id: 'workforce-8',
    why:
      'What became of somebody’s passkeys, for them to see: one line for each entry of evidence. ' +
      'And where they are told of it: given with the invitation, changed by nobody afterwards.',
    sql: `
CREATE TABLE workforce_authenticator_history (
  tenant text NOT NULL,
  evidence_id text NOT NULL,
  subject_id text NOT NULL,
  kind text NOT NULL
    CHECK (kind IN ('registered', 'added', 'renamed', 'removed', 'level-changed', 'refused')),
  label text,
  acr text CHECK (acr IN ('phr', 'phrh')),
  tried text CHECK (tried IN ('sign-in', 'add', 'rename', 'remove')),
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, evidence_id)
);
CREATE INDEX workforce_authenticator_history_of
  ON workforce_authenticator_history (tenant, subject_id, at);
INSERT INTO workforce_authenticator_history (tenant, evidence_id, subject_id, kind, at)
  SELECT tenant, evidence_id, subject_id, 'registered', registered_at
  FROM workforce_authenticators;
CREATE TABLE workforce_channels (
  tenant text NOT NULL,
  subject_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('sms', 'email')),
  address text NOT NULL,
  PRIMARY KEY (tenant, subject_id, kind)
)`,
    wall: {
      kept: {
        workforce_authenticator_history: 'append-only',
        workforce_channels: 'never-changed',
      },
    },
  },
  ...scimMigrations,
  {
    id: 'workforce-9',
    why:
      'A recovery lets a passkey in, once, as its subject’s only one. Until `recovered_until` the ' +
      'account counts for less.',
    sql: `
ALTER TABLE workforce_authenticators DROP CONSTRAINT workforce_authenticators_let_in;
ALTER TABLE workforce_authenticators
  ADD COLUMN recovery_id text,
  ADD CONSTRAINT workforce_authenticators_let_in CHECK (
    CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END +
    CASE WHEN vouched_by IS NULL THEN 0 ELSE 1 END +
    CASE WHEN recovery_id IS NULL THEN 0 ELSE 1 END = 1),
  ADD CONSTRAINT workforce_authenticators_recovery UNIQUE (tenant, recovery_id);
ALTER TABLE workforce_staff ADD COLUMN recovered_until timestamptz`,
  },
  {
    id: 'workforce-10',
    why:
      'A ceremony lives for minutes: after a crash all are gone, and none can be answered a second ' +
      'time. So none costs a flush of the disk.',
    sql: `ALTER TABLE workforce_ceremonies SET UNLOGGED`,
  },
  {
    id: 'workforce-ciba',
    why: 'A passkey may answer an application that asks its person to sign in from elsewhere.',
    sql: `
ALTER TABLE workforce_ceremonies DROP CONSTRAINT workforce_ceremonies_kind;
ALTER TABLE workforce_ceremonies ADD CONSTRAINT workforce_ceremonies_kind
  CHECK (kind IN ('registration', 'sign-in', 'own-act', 'own-registration', 'sign-in-request'))`,
  },
];
