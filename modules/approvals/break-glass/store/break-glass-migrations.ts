import type { Migration } from '@proofline/storage';

/** The tables of break-glass. */
export const breakGlassMigrations: readonly Migration[] = [
  {
    id: 'break-glass-1',
    why:
      'One row per emergency access, from the request to its review. Each step is written once, by an ' +
      'update that finds it empty; the checks keep it from being one person’s, and from being longer ' +
      'than an hour. What was asked for cannot be changed afterwards. One is unfinished per person.',
    sql: `
      CREATE TABLE break_glass (
        tenant text NOT NULL,
        break_glass_id text NOT NULL,
        account_number text NOT NULL,
        customer_id text,
        categories text NOT NULL,
        reason_code text NOT NULL,
        note text NOT NULL,
        minutes integer NOT NULL CHECK (minutes BETWEEN 1 AND 60),
        requested_by text NOT NULL,
        requested_in_session text NOT NULL,
        desk text NOT NULL,
        requested_at timestamptz NOT NULL,
        declined_by text,
        declined_at timestamptz,
        opened_by text,
        opened_in_session text,
        opened_at timestamptz,
        ended_by text,
        ended_because text,
        ended_at timestamptz,
        escalated_at timestamptz,
        reviewed_by text,
        reviewed_at timestamptz,
        verdict text CHECK (verdict IN ('justified', 'not-justified')),
        words text,
        seen_at timestamptz,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, break_glass_id),
        CHECK (opened_by <> requested_by),
        CHECK (reviewed_by <> requested_by AND reviewed_by <> opened_by),
        CHECK ((opened_by IS NULL) = (opened_at IS NULL)),
        CHECK ((opened_by IS NULL) = (opened_in_session IS NULL)),
        CHECK ((ended_because IS NULL) = (ended_at IS NULL)),
        CHECK (declined_at IS NULL OR opened_at IS NULL),
        CHECK (verdict IS NULL OR (ended_at IS NOT NULL AND reviewed_by IS NOT NULL)),
        CHECK ((verdict IS NULL) = (words IS NULL))
      );
      CREATE INDEX break_glass_by_requester ON break_glass (tenant, requested_by, requested_at);
      CREATE INDEX break_glass_by_desk ON break_glass (tenant, desk, requested_at);
      CREATE INDEX break_glass_unfinished ON break_glass (tenant, requested_at)
        WHERE declined_at IS NULL AND verdict IS NULL;
      CREATE TABLE break_glass_uses (
        tenant text NOT NULL,
        break_glass_id text NOT NULL,
        decision_id text NOT NULL,
        action text NOT NULL,
        at timestamptz NOT NULL,
        evidence_id text NOT NULL,
        PRIMARY KEY (tenant, break_glass_id, decision_id)
      )
    `,
    wall: {
      kept: { break_glass: 'never-removed', break_glass_uses: 'append-only' },
      changing: {
        break_glass: [
          'declined_by',
          'declined_at',
          'opened_by',
          'opened_in_session',
          'opened_at',
          'ended_by',
          'ended_because',
          'ended_at',
          'escalated_at',
          'reviewed_by',
          'reviewed_at',
          'verdict',
          'words',
          'seen_at',
          'evidence_id',
        ],
      },
      desks: { break_glass: 'desk = :desk OR requested_by = :reader' },
    },
  },
];
