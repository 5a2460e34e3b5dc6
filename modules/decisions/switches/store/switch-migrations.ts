import type { Migration } from '@proofline/storage';

/** The table of switches. */
export const switchMigrations: readonly Migration[] = [
  {
    id: 'decisions-3',
    why:
      'Switches stand beside the policy releases, so that stopping something needs no release and no ' +
      'compile. A row changes once, when its switch is lifted or has run out. The checks hold whoever ' +
      'writes here: none stands for longer than a day, and none is lifted by whoever threw it. The kind ' +
      '`tool` is for later. The index finds those that stand.',
    sql: `
      CREATE TABLE switches (
        tenant text NOT NULL,
        switch_id text NOT NULL,
        target_kind text NOT NULL CHECK
          (target_kind IN ('action', 'domain', 'service', 'agent', 'tool', 'everything-but-reading')),
        target_name text NOT NULL,
        reason_code text NOT NULL,
        note text NOT NULL CHECK (length(note) <= 200),
        thrown_by text NOT NULL,
        thrown_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        evidence_id text NOT NULL,
        ended_at timestamptz,
        ended_how text CHECK (ended_how IN ('lifted', 'expired')),
        lifted_by text,
        PRIMARY KEY (tenant, switch_id),
        CHECK (expires_at > thrown_at AND expires_at <= thrown_at + interval '24 hours'),
        CHECK ((ended_at IS NULL) = (ended_how IS NULL)),
        CHECK ((lifted_by IS NOT NULL) = (ended_how IS NOT NULL AND ended_how = 'lifted')),
        CHECK (lifted_by IS NULL OR lifted_by <> thrown_by)
      );
      CREATE INDEX switches_standing ON switches (tenant, ended_at, switch_id)
    `,
    wall: { kept: { switches: 'never-removed' } },
  },
];
