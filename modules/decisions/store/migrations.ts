import type { Migration } from '@proofline/storage';
import { authzenMigrations } from '../authzen/migrations.ts';
import { switchMigrations } from '../switches/store/switch-migrations.ts';
import { releaseMigrations } from '../releases/store/release-migrations.ts';

/** The tables of `decisions`. */
export const migrations: readonly Migration[] = [
  {
    id: 'decisions-1',
    why:
      'A decision keeps its whole question (facts as canonical JSON) and the release it rested on, so ' +
      'that it can be derived again bit by bit. A release keeps its texts: a digest alone could not ' +
      'be read. One result per decision, held by the primary key. Nothing here is ever updated.',
    sql: `
      CREATE TABLE policy_releases (
        tenant text NOT NULL,
        sequence integer NOT NULL CHECK (sequence > 0),
        digest text NOT NULL,
        text text NOT NULL,
        evidence_id text NOT NULL,
        released_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, sequence)
      );
      CREATE TABLE decisions (
        tenant text NOT NULL,
        decision_id text NOT NULL,
        evidence_id text NOT NULL,
        subject_type text NOT NULL CHECK (subject_type IN ('Staff', 'Service')),
        subject_id text NOT NULL,
        action text NOT NULL,
        effect text NOT NULL CHECK (effect IN ('permit', 'deny')),
        release_sequence integer NOT NULL,
        decision text NOT NULL,
        facts text NOT NULL,
        links text NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, decision_id)
      );
      CREATE TABLE decision_results (
        tenant text NOT NULL,
        decision_id text NOT NULL,
        evidence_id text NOT NULL,
        outcome text NOT NULL
          CHECK (outcome IN ('completed', 'upstream-refused', 'upstream-failed')),
        reported_at timestamptz NOT NULL,
        PRIMARY KEY (tenant, decision_id)
      )
    `,
    wall: {
      kept: {
        policy_releases: 'append-only',
        decisions: 'append-only',
        decision_results: 'append-only',
      },
    },
  },
  ...releaseMigrations,
  ...switchMigrations,
  ...authzenMigrations,
];
