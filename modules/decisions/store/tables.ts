import type { Db } from '@proofline/storage';
import type { Kysely } from 'kysely';

export interface DecisionRow {
  tenant: string;
  decision_id: string;
  evidence_id: string;
  subject_type: string;
  subject_id: string;
  action: string;
  effect: 'permit' | 'deny';
  release_sequence: number;
  decision: string;
  facts: string;
  links: string;
  decided_at: Date;
}

export interface ResultRow {
  tenant: string;
  decision_id: string;
  evidence_id: string;
  outcome: string;
  reported_at: Date;
}

export interface ReleaseRow {
  tenant: string;
  sequence: number;
  digest: string;
  text: string;
  evidence_id: string;
  released_at: Date;
}

// A type and not an interface: `withTables` asks for an index signature.
type Tables = {
  decisions: DecisionRow;
  decision_results: ResultRow;
  policy_releases: ReleaseRow;
};

/** A handle that knows this module's tables. */
export function tablesOf(db: Db): Kysely<Tables> {
  return db.withTables<Tables>();
}
