import type { Migration } from '@proofline/storage';
import { breakGlassMigrations } from '../break-glass/store/break-glass-migrations.ts';

/** The tables of `approvals`. */
export const migrations: readonly Migration[] = [
  {
    id: 'approvals-1',
    why:
      'One row per approval, from the question to its use. The content is kept as the canonical text ' +
      'that was hashed. A verdict and a use are each written once, by an update that finds them empty; ' +
      'the checks keep a row from saying half of it, and the decider from being the asker.',
    sql: `
      CREATE TABLE approvals (
        tenant text NOT NULL,
        approval_id text NOT NULL,
        interaction_id text NOT NULL,
        content text NOT NULL,
        content_digest text NOT NULL,
        note text,
        requested_by text NOT NULL,
        desk text NOT NULL,
        requested_at timestamptz NOT NULL,
        request_evidence_id text NOT NULL,
        verdict text CHECK (verdict IN ('approve', 'reject')),
        decided_by text,
        decided_by_desk text,
        reason_code text,
        decided_at timestamptz,
        decision_evidence_id text,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        used_by_decision text,
        PRIMARY KEY (tenant, approval_id),
        CHECK (decided_by <> requested_by),
        CHECK ((verdict IS NULL) = (decided_by IS NULL)),
        CHECK ((verdict IS NULL) = (reason_code IS NULL)),
        CHECK (used_at IS NULL OR verdict = 'approve')
      );
      CREATE INDEX approvals_by_content ON approvals (tenant, content_digest);
      CREATE INDEX approvals_by_desk ON approvals (tenant, desk, requested_at);
      CREATE INDEX approvals_by_requester ON approvals (tenant, requested_by, requested_at)
    `,
    wall: {
      kept: { approvals: 'never-removed' },
      desks: { approvals: 'desk = :desk OR requested_by = :reader' },
    },
  },
  {
    id: 'approvals-2',
    why:
      'An approval counts only while the session in which it was given was not taken away. One of ' +
      'before has no session, and does not count any more; it had ten minutes.',
    sql: 'ALTER TABLE approvals ADD COLUMN decided_in_session text',
  },
  {
    id: 'approvals-3',
    why:
      'Access requests of enforcement points: which task is for which approval, and whose it is. A ' +
      'denial opens one task, and so does an idempotency key of a service.',
    sql: `
      CREATE TABLE access_requests (
        tenant text NOT NULL,
        task_id text NOT NULL,
        service_id text NOT NULL,
        evaluation_id text NOT NULL,
        idempotency_key text,
        submission_digest text NOT NULL,
        approval_id text NOT NULL,
        submitted_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, task_id),
        UNIQUE (tenant, evaluation_id),
        UNIQUE (tenant, service_id, idempotency_key)
      )
    `,
    wall: { kept: { access_requests: 'append-only' } },
  },
  {
    id: 'approvals-4',
    why:
      'One access request may ask for several things, each denied by itself; what was taken back is ' +
      'told apart from what nobody answered; and an enforcement point may be told of the end at an ' +
      'address that it has registered. A denial still opens one task.',
    sql: `
      ALTER TABLE approvals ADD COLUMN withdrawn_at timestamptz;
      ALTER TABLE approvals ADD CHECK (withdrawn_at IS NULL OR verdict IS NULL);
      CREATE TABLE access_request_items (
        tenant text NOT NULL,
        task_id text NOT NULL,
        place integer NOT NULL CHECK (place >= 0),
        evaluation_id text NOT NULL,
        approval_id text NOT NULL,
        opened boolean NOT NULL,
        cancelled_at timestamptz,
        PRIMARY KEY (tenant, task_id, place),
        UNIQUE (tenant, evaluation_id)
      );
      INSERT INTO access_request_items
        SELECT tenant, task_id, 0, evaluation_id, approval_id, true, NULL FROM access_requests;
      ALTER TABLE access_requests DROP COLUMN evaluation_id;
      ALTER TABLE access_requests DROP COLUMN approval_id;
      ALTER TABLE access_requests ADD COLUMN is_bulk boolean NOT NULL DEFAULT false;
      CREATE TABLE access_request_callbacks (
        tenant text NOT NULL,
        task_id text NOT NULL,
        endpoint text NOT NULL,
        state text,
        events text,
        attempts integer NOT NULL,
        next_attempt_at timestamptz NOT NULL,
        closed_at timestamptz,
        outcome text CHECK (outcome IN ('told', 'not-wanted', 'given-up')),
        PRIMARY KEY (tenant, task_id),
        CHECK ((closed_at IS NULL) = (outcome IS NULL))
      );
      CREATE INDEX access_request_callbacks_due
        ON access_request_callbacks (tenant, next_attempt_at) WHERE closed_at IS NULL
    `,
    wall: {
      changing: {
        access_request_items: ['cancelled_at'],
        access_request_callbacks: ['attempts', 'next_attempt_at', 'closed_at', 'outcome', 'state'],
      },
    },
  },
  {
    id: 'approvals-5',
    why:
      'An auditor who searches for a customer finds the approvals on their calls. Whose call it was is ' +
      'known when the approval is asked for, and no longer when it is given or used.',
    sql: 'ALTER TABLE approvals ADD COLUMN customer_id text',
  },
  ...breakGlassMigrations,
];
