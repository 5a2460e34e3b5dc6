import type { Migration } from '@proofline/storage';

/** The module's schema. */
export const migrations: readonly Migration[] = [
  {
    id: 'interactions-1',
    why:
      'Calls and cases. The desk is the one that the call came in at: who moves desk afterwards ' +
      'does not carry their calls along. `external_id` makes the announcement of a call idempotent.',
    sql: `
CREATE TABLE interactions (
  tenant text NOT NULL,
  interaction_id text NOT NULL,
  external_id text NOT NULL,
  channel text NOT NULL CHECK (channel IN ('call', 'chat', 'video')),
  state text NOT NULL CHECK (state IN ('ringing', 'live', 'ended')),
  agent_id text NOT NULL,
  desk text NOT NULL,
  case_id text,
  wrong_codes integer NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, interaction_id),
  UNIQUE (tenant, external_id),
  CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX interactions_agent ON interactions (tenant, agent_id, started_at);
CREATE INDEX interactions_desk ON interactions (tenant, desk, started_at);
CREATE TABLE cases (
  tenant text NOT NULL,
  case_id text NOT NULL,
  case_type text NOT NULL CHECK (case_type IN ('billing', 'plan-change', 'complaint')),
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  interaction_id text,
  customer_id text,
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  evidence_id text,
  PRIMARY KEY (tenant, case_id),
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE INDEX cases_interaction ON cases (tenant, interaction_id);
CREATE INDEX cases_opened ON cases (tenant, opened_at)`,
    wall: {
      desks: {
        interactions: 'desk = :desk OR agent_id = :reader',
        // A case of no call opens nothing. Whose call it is, the policy of the calls says.
        cases:
          'interaction_id IS NULL OR EXISTS (SELECT 1 FROM interactions AS call ' +
          'WHERE call.tenant = cases.tenant AND call.interaction_id = cases.interaction_id)',
      },
    },
  },
  {
    id: 'interactions-2',
    why:
      'Requests for proof, and proofs. The two partial indexes hold the rule of one open request ' +
      'per call and per customer even against two servers at once. `customer_id` is null when the ' +
      'request went to nobody, which the agent must not be able to tell (P9). `context` is text: ' +
      'its SHA-256 is what the passkey signs.',
    sql: `
CREATE TABLE proof_requests (
  tenant text NOT NULL,
  proof_request_id text NOT NULL,
  interaction_id text NOT NULL,
  case_id text NOT NULL,
  agent_id text NOT NULL,
  customer_id text,
  account_digest text,
  started_by text NOT NULL CHECK (started_by IN ('agent', 'customer')),
  purpose text NOT NULL CHECK (purpose IN ('billing', 'plan-change', 'complaint')),
  state text NOT NULL
    CHECK (state IN ('open', 'bound', 'declined', 'cancelled', 'expired', 'refused')),
  because text,
  matching_number text,
  context text NOT NULL,
  ceremony_id text,
  late_attempts integer NOT NULL,
  requested_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  closed_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, proof_request_id),
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK ((started_by = 'agent') = (matching_number IS NOT NULL))
);
CREATE UNIQUE INDEX proof_requests_open_call
  ON proof_requests (tenant, interaction_id) WHERE state = 'open';
CREATE UNIQUE INDEX proof_requests_open_customer
  ON proof_requests (tenant, customer_id) WHERE state = 'open' AND customer_id IS NOT NULL;
CREATE INDEX proof_requests_call ON proof_requests (tenant, interaction_id, requested_at);
CREATE INDEX proof_requests_customer ON proof_requests (tenant, customer_id, requested_at);
CREATE INDEX proof_requests_agent ON proof_requests (tenant, agent_id, requested_at);
CREATE INDEX proof_requests_due ON proof_requests (tenant, state, expires_at);
CREATE TABLE proofs (
  tenant text NOT NULL,
  proof_id text NOT NULL,
  proof_request_id text NOT NULL,
  interaction_id text NOT NULL,
  case_id text NOT NULL,
  customer_id text NOT NULL,
  acr text NOT NULL CHECK (acr IN ('phr', 'phrh')),
  purpose text NOT NULL CHECK (purpose IN ('billing', 'plan-change', 'complaint')),
  bound_at timestamptz NOT NULL,
  ended_at timestamptz,
  evidence_id text NOT NULL,
  PRIMARY KEY (tenant, proof_id),
  UNIQUE (tenant, proof_request_id)
);
CREATE INDEX proofs_call ON proofs (tenant, interaction_id)`,
    wall: { kept: { proofs: 'never-removed' } },
  },
  {
    id: 'interactions-3',
    why:
      'Call codes route a signed-in customer to an agent and prove nothing. Short, hence: five ' +
      'minutes, one per customer, once, and five wrong tries per call.',
    sql: `
CREATE TABLE call_codes (
  tenant text NOT NULL,
  call_code_id text NOT NULL,
  customer_id text NOT NULL,
  code text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  claimed_at timestamptz,
  PRIMARY KEY (tenant, call_code_id)
);
CREATE INDEX call_codes_code ON call_codes (tenant, code);
CREATE INDEX call_codes_customer ON call_codes (tenant, customer_id, created_at)`,
  },
  {
    id: 'interactions-4',
    why:
      'The link of a message carries a secret of its own, for the agent knows the id of the request. ' +
      'Only its digest is kept. Requests from before have none, and open by no link any more: they ' +
      'would have lived for two minutes.',
    sql: `
ALTER TABLE proof_requests ADD COLUMN link_digest text
  CHECK (link_digest IS NULL OR started_by = 'agent')`,
  },
  {
    id: 'interactions-5',
    why:
      'More matters than the three of the beginning. Which ones there are is the contract’s to say, and ' +
      'every row is written by this module: a list of them here would be a second one to keep.',
    sql: `
ALTER TABLE cases DROP CONSTRAINT cases_case_type_check;
ALTER TABLE proof_requests DROP CONSTRAINT proof_requests_purpose_check;
ALTER TABLE proofs DROP CONSTRAINT proofs_purpose_check;
ALTER TABLE cases ADD CONSTRAINT cases_case_type_word CHECK (case_type <> '');
ALTER TABLE proof_requests ADD CONSTRAINT proof_requests_purpose_word CHECK (purpose <> '');
ALTER TABLE proofs ADD CONSTRAINT proofs_purpose_word CHECK (purpose <> '')`,
  },
  {
    id: 'interactions-6',
    why:
      'How a call ended is written down once; what is written after it is a correction, which names the ' +
      'entry that it corrects. The entries say what; the row says which one is the latest.',
    sql: 'ALTER TABLE interactions ADD COLUMN wrap_up_evidence_id text',
  },
  {
    id: 'interactions-7',
    why:
      'Which passkey a proof rests on, so that it ends with it. Those from before do not say, and end ' +
      'with any of their customer’s.',
    sql: 'ALTER TABLE proofs ADD COLUMN authenticator_id text',
  },
];
