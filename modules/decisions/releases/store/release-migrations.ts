import type { Migration } from '@proofline/storage';

/** What releases, candidates, shadows and replays need. */
export const releaseMigrations: readonly Migration[] = [
  {
    id: 'decisions-2',
    why:
      'A release is signed over its place, its set and its cases, so a row that was written around us ' +
      'is noticed; rows from before have no signature, can be read for replay and never become live. ' +
      'A candidate is a whole set that waits for a second person. Differences are bounded samples; ' +
      'what is counted is counted apart, by policy and by subject.',
    sql: `
      ALTER TABLE policy_releases ADD COLUMN cases text;
      ALTER TABLE policy_releases ADD COLUMN previous_digest text;
      ALTER TABLE policy_releases ADD COLUMN key_id text;
      ALTER TABLE policy_releases ADD COLUMN signature text;
      ALTER TABLE policy_releases ADD COLUMN origin text NOT NULL DEFAULT 'files'
        CHECK (origin IN ('files', 'candidate', 'rollback'));
      ALTER TABLE policy_releases ADD COLUMN candidate_id text;
      ALTER TABLE policy_releases ADD COLUMN released_by text;
      CREATE TABLE policy_candidates (
        tenant text NOT NULL,
        candidate_id text NOT NULL,
        digest text NOT NULL,
        text text NOT NULL,
        cases text NOT NULL,
        cases_digest text NOT NULL,
        base_sequence integer NOT NULL,
        proposed_by text NOT NULL,
        note text NOT NULL,
        outcome text NOT NULL,
        evidence_id text NOT NULL,
        proposed_at timestamptz NOT NULL,
        state text NOT NULL CHECK (state IN ('open', 'promoted', 'withdrawn')),
        closed_at timestamptz,
        shadow_since timestamptz,
        shadow_until timestamptz,
        shadow_compared integer NOT NULL DEFAULT 0,
        shadow_dropped integer NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant, candidate_id)
      );
      CREATE TABLE policy_replays (
        tenant text NOT NULL,
        replay_id text NOT NULL,
        candidate_id text NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'finished', 'failed')),
        from_at timestamptz NOT NULL,
        to_at timestamptz NOT NULL,
        started_by text NOT NULL,
        started_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL,
        total integer NOT NULL DEFAULT 0,
        done integer NOT NULL DEFAULT 0,
        reproduced integer NOT NULL DEFAULT 0,
        otherwise text NOT NULL DEFAULT '[]',
        unknown_release integer NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant, replay_id)
      );
      CREATE INDEX policy_replays_candidate ON policy_replays (tenant, candidate_id, replay_id);
      CREATE TABLE policy_differences (
        tenant text NOT NULL,
        candidate_id text NOT NULL,
        source text NOT NULL,
        decision_id text NOT NULL,
        change text NOT NULL CHECK (change IN ('stopped', 'permitted', 'otherwise')),
        action text NOT NULL,
        subject_id text NOT NULL,
        live_policies text NOT NULL,
        candidate_policies text NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, candidate_id, source, decision_id)
      );
      CREATE TABLE policy_difference_counts (
        tenant text NOT NULL,
        candidate_id text NOT NULL,
        source text NOT NULL,
        about text NOT NULL CHECK (about IN ('policy', 'subject')),
        name text NOT NULL,
        change text NOT NULL CHECK (change IN ('stopped', 'permitted', 'otherwise')),
        count integer NOT NULL,
        PRIMARY KEY (tenant, candidate_id, source, about, name, change)
      )
    `,
  },
  {
    id: 'decisions-policy-stages',
    why:
      'A candidate that is in force for some: signed with its audience and its end, because it decides ' +
      'like a release. One of a tenant runs at a time, held by an index; a stage that has ended ' +
      'stays, since decisions name it and are derived again from its candidate.',
    sql: `
      CREATE TABLE policy_stages (
        tenant text NOT NULL,
        stage_id text NOT NULL,
        candidate_id text NOT NULL,
        digest text NOT NULL,
        base_sequence integer NOT NULL,
        revision integer NOT NULL CHECK (revision > 0),
        desks text NOT NULL,
        percent integer NOT NULL CHECK (percent BETWEEN 1 AND 100),
        until timestamptz NOT NULL,
        key_id text NOT NULL,
        signature text NOT NULL,
        started_by text NOT NULL,
        started_at timestamptz NOT NULL,
        evidence_id text NOT NULL,
        state text NOT NULL CHECK (state IN ('running', 'ended')),
        compared integer NOT NULL DEFAULT 0,
        dropped integer NOT NULL DEFAULT 0,
        PRIMARY KEY (tenant, stage_id)
      );
      CREATE UNIQUE INDEX policy_stages_running ON policy_stages (tenant) WHERE state = 'running'
    `,
  },
  {
    id: 'decisions-policy-lines',
    why:
      'A release names, under its signature, the releases that it came from: one goes back to these only. ' +
      'A candidate is signed with its author, so that whoever can write its row cannot exchange them. ' +
      'What was proposed, and what is in force for some, stays as it was written: of candidates and ' +
      'stages only what changes with time can be changed.',
    sql: `
      ALTER TABLE policy_releases ADD COLUMN line text;
      ALTER TABLE policy_releases ADD COLUMN proved boolean;
      ALTER TABLE policy_candidates ADD COLUMN drops text;
      ALTER TABLE policy_candidates ADD COLUMN key_id text;
      ALTER TABLE policy_candidates ADD COLUMN signature text
    `,
    wall: {
      changing: {
        policy_candidates: [
          'state',
          'closed_at',
          'shadow_since',
          'shadow_until',
          'shadow_compared',
          'shadow_dropped',
        ],
        policy_stages: [
          'revision',
          'desks',
          'percent',
          'until',
          'key_id',
          'signature',
          'evidence_id',
          'state',
          'compared',
          'dropped',
        ],
        policy_replays: [
          'state',
          'updated_at',
          'total',
          'done',
          'reproduced',
          'otherwise',
          'unknown_release',
        ],
      },
    },
  },
  {
    id: 'decisions-policy-vouchers',
    why:
      'What a program proposed becomes live by two people: one vouches for it, signed with the content ' +
      'that they vouch for, another promotes. Whoever can write the row can take a vouching away, and ' +
      'with it the way to become live, and cannot make one.',
    sql: `
      ALTER TABLE policy_candidates ADD COLUMN vouched_by text;
      ALTER TABLE policy_candidates ADD COLUMN vouched_at timestamptz;
      ALTER TABLE policy_candidates ADD COLUMN vouch_evidence_id text;
      ALTER TABLE policy_candidates ADD COLUMN vouch_key_id text;
      ALTER TABLE policy_candidates ADD COLUMN vouch_signature text
    `,
    wall: {
      changing: {
        policy_candidates: [
          'state',
          'closed_at',
          'shadow_since',
          'shadow_until',
          'shadow_compared',
          'shadow_dropped',
          'vouched_by',
          'vouched_at',
          'vouch_evidence_id',
          'vouch_key_id',
          'vouch_signature',
        ],
      },
    },
  },
];
