import type { Migration } from '@proofline/storage';

/** The module's schema. */
export const migrations: readonly Migration[] = [
  {
    id: 'customers-1',
    why:
      'Who the customers are, and where they are reached: copied from the guarded system, never ' +
      'from a call. `enrolled_at` is set once and never cleared: whoever has had a passkey ' +
      'cannot be invited anew (P1).',
    sql: `
CREATE TABLE customers (
  tenant text NOT NULL,
  customer_id text NOT NULL,
  account_number text NOT NULL,
  name text NOT NULL,
  greeting_name text NOT NULL,
  contact_kind text CHECK (contact_kind IN ('sms', 'email')),
  contact_address text,
  user_handle text NOT NULL,
  enrolled_at timestamptz,
  imported_at timestamptz NOT NULL,
  PRIMARY KEY (tenant, customer_id),
  UNIQUE (tenant, account_number),
  UNIQUE (tenant, user_handle),
  CHECK ((contact_kind IS NULL) = (contact_address IS NULL))
);
CREATE TABLE customer_enrolments (
  tenant text NOT NULL,
  enrolment_id text NOT NULL,
  customer_id text NOT NULL,
  secret_digest text NOT NULL,
  device_digest text,
  invited_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  opened_at timestamptz,
  used_at timestamptz,
  voided_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, enrolment_id),
  UNIQUE (tenant, secret_digest)
);
CREATE INDEX customer_enrolments_of ON customer_enrolments (tenant, customer_id);
CREATE UNIQUE INDEX customer_enrolments_device ON customer_enrolments (tenant, device_digest)`,
  },
  {
    id: 'customers-2',
    why:
      'Passkeys. Inserted once, at enrolment; afterwards only the counter, the backup state and ' +
      'the time of use move. There is no statement that replaces or deletes one (P1).',
    sql: `
CREATE TABLE customer_authenticators (
  tenant text NOT NULL,
  authenticator_id text NOT NULL,
  customer_id text NOT NULL,
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
  UNIQUE (tenant, credential_id)
);
CREATE INDEX customer_authenticators_of ON customer_authenticators (tenant, customer_id);
CREATE TABLE customer_ceremonies (
  tenant text NOT NULL,
  ceremony_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('registration', 'sign-in')),
  challenge text NOT NULL,
  enrolment_id text,
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (tenant, ceremony_id)
);
CREATE INDEX customer_ceremonies_expiry ON customer_ceremonies (tenant, expires_at)`,
    wall: { kept: { customer_authenticators: 'never-removed' } },
  },
  {
    id: 'customers-3',
    why:
      'The outbox of messages: written with the state change that they tell of, sent after its ' +
      'commit, again until the carrier takes them. Address, text and link are wiped as soon as ' +
      'a message is sent or given up.',
    sql: `
CREATE TABLE customer_messages (
  tenant text NOT NULL,
  message_id text NOT NULL,
  customer_id text NOT NULL,
  contact_kind text CHECK (contact_kind IN ('sms', 'email')),
  contact_address text,
  body text,
  link text,
  state text NOT NULL CHECK (state IN ('waiting', 'sent', 'given-up')),
  attempts integer NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  not_after timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  closed_at timestamptz,
  PRIMARY KEY (tenant, message_id),
  CHECK ((state = 'waiting') = (link IS NOT NULL))
);
CREATE INDEX customer_messages_due ON customer_messages (tenant, state, next_attempt_at)`,
  },
  {
    id: 'customers-4',
    why:
      'One open registration per enrolment: a newer prompt voids the one before. A sign-in has no ' +
      'enrolment, and any number may be open. Those that are open live for minutes.',
    sql: `
DELETE FROM customer_ceremonies WHERE enrolment_id IS NOT NULL;
CREATE UNIQUE INDEX customer_ceremonies_enrolment ON customer_ceremonies (tenant, enrolment_id)`,
  },
  {
    id: 'customers-5',
    why:
      'Account numbers are compared in upper case, whoever types them. Of two that differ in their ' +
      'case alone neither is taken for the other: they stay, and must be renamed where they come from.',
    sql: `
UPDATE customers SET account_number = upper(account_number)
WHERE account_number <> upper(account_number)
  AND NOT EXISTS (
    SELECT 1 FROM customers AS other
    WHERE other.tenant = customers.tenant
      AND upper(other.account_number) = upper(customers.account_number)
      AND other.account_number <> customers.account_number)`,
  },
  {
    id: 'customers-6',
    why: 'The outbox is lent to the staff’s room as well: whom a message is for is not always a customer.',
    sql: `ALTER TABLE customer_messages RENAME COLUMN customer_id TO recipient_id`,
  },
  {
    id: 'customers-7',
    why:
      'A customer’s own further passkeys: the row names the one that vouched for it, and it counts as ' +
      'no more than that one. A removed one stays, marked, so that no credential comes back. What ' +
      'became of them is kept for their owner to see, one line for each entry of evidence.',
    sql: `
ALTER TABLE customer_authenticators
  ADD COLUMN vouched_by text,
  ADD COLUMN at_most text CHECK (at_most IN ('phr', 'phrh')),
  ADD COLUMN label text,
  ADD COLUMN removed_at timestamptz,
  ADD CONSTRAINT customer_authenticators_at_most
    CHECK ((vouched_by IS NULL) = (at_most IS NULL));
ALTER TABLE customer_ceremonies DROP CONSTRAINT customer_ceremonies_kind_check;
ALTER TABLE customer_ceremonies
  ADD COLUMN session_id text,
  ADD COLUMN purpose text,
  ADD CONSTRAINT customer_ceremonies_kind
    CHECK (kind IN ('registration', 'sign-in', 'own-act', 'own-registration')),
  ADD CONSTRAINT customer_ceremonies_own
    CHECK ((session_id IS NOT NULL) = (kind IN ('own-act', 'own-registration')));
CREATE UNIQUE INDEX customer_ceremonies_session ON customer_ceremonies (tenant, session_id);
CREATE TABLE customer_authenticator_history (
  tenant text NOT NULL,
  evidence_id text NOT NULL,
  customer_id text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('registered', 'added', 'renamed', 'removed', 'refused')),
  label text,
  tried text CHECK (tried IN ('sign-in', 'add', 'rename', 'remove')),
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, evidence_id)
);
CREATE INDEX customer_authenticator_history_of
  ON customer_authenticator_history (tenant, customer_id, at);
INSERT INTO customer_authenticator_history (tenant, evidence_id, customer_id, kind, at)
  SELECT tenant, evidence_id, customer_id, 'registered', registered_at
  FROM customer_authenticators`,
    wall: { kept: { customer_authenticator_history: 'append-only' } },
  },
  {
    id: 'customers-8',
    why:
      'A recovery lets a passkey in, once, as its customer’s only one. Until `recovered_until` the ' +
      'account counts for less. A contact that was on file until lately is told as well: whoever has it ' +
      'changed to get in cannot keep its owner from hearing of it.',
    sql: `
ALTER TABLE customer_authenticators
  ADD COLUMN recovery_id text,
  ADD CONSTRAINT customer_authenticators_recovery UNIQUE (tenant, recovery_id),
  ADD CONSTRAINT customer_authenticators_let_in
    CHECK (recovery_id IS NULL OR vouched_by IS NULL);
ALTER TABLE customers ADD COLUMN recovered_until timestamptz;
CREATE TABLE customer_former_contacts (
  tenant text NOT NULL,
  customer_id text NOT NULL,
  until timestamptz NOT NULL,
  contact_kind text NOT NULL CHECK (contact_kind IN ('sms', 'email')),
  contact_address text NOT NULL,
  PRIMARY KEY (tenant, customer_id, until)
)`,
  },
  {
    id: 'customers-9',
    why:
      'A sign-in to an application is a ceremony of its own: what it has signed, the terms of that ' +
      'application, opens nothing else, and no other ceremony opens it.',
    sql: `
ALTER TABLE customer_ceremonies DROP CONSTRAINT customer_ceremonies_kind;
ALTER TABLE customer_ceremonies
  ADD CONSTRAINT customer_ceremonies_kind
    CHECK (kind IN ('registration', 'sign-in', 'application', 'own-act', 'own-registration'))`,
  },
  {
    id: 'customers-s1',
    why: 'Whoever reads evidence may look for a customer by name, however it is spelled large or small.',
    sql: `CREATE INDEX customers_name ON customers (tenant, lower(name))`,
  },
  {
    id: 'customers-10',
    why:
      'To let an application sign one in that asks from elsewhere is a ceremony of its own, in the session ' +
      'in which the customer reads the request.',
    sql: `
ALTER TABLE customer_ceremonies DROP CONSTRAINT customer_ceremonies_kind;
ALTER TABLE customer_ceremonies DROP CONSTRAINT customer_ceremonies_own;
ALTER TABLE customer_ceremonies
  ADD CONSTRAINT customer_ceremonies_kind CHECK (kind IN
    ('registration', 'sign-in', 'application', 'own-act', 'own-registration', 'sign-in-request')),
  ADD CONSTRAINT customer_ceremonies_own CHECK ((session_id IS NOT NULL) =
    (kind IN ('own-act', 'own-registration', 'sign-in-request')))`,
  },
];
