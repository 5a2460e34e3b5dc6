import type { Id } from '@proofline/kernel';
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
  /** Null in rows from before releases were signed, as are the three below. */
  cases: string | null;
  previous_digest: string | null;
  key_id: string | null;
  signature: string | null;
  origin: 'files' | 'candidate' | 'rollback';
  candidate_id: string | null;
  released_by: string | null;
  /** JSON: numbers of the releases that it came from. Null, as is the next, in rows from before there was one. */
  line: string | null;
  proved: boolean | null;
}

export interface CandidateRow {
  tenant: string;
  candidate_id: string;
  digest: string;
  text: string;
  cases: string;
  cases_digest: string;
  /** The release that was live when it was proposed. */
  base_sequence: number;
  /** `stf_…`, `svc_…`, or `files`: the folder that the server was started with. */
  proposed_by: string;
  note: string;
  /** How its cases came out, as JSON. */
  outcome: string;
  /** What the release below promises and it does not, as JSON, for showing; looked at again before it counts. */
  drops: string | null;
  /** Null in rows from before candidates were signed. */
  key_id: string | null;
  signature: string | null;
  evidence_id: string;
  proposed_at: Date;
  /** The person who answers for what a program proposed. Null, as are the next four, until there is one. */
  vouched_by: string | null;
  vouched_at: Date | null;
  vouch_evidence_id: string | null;
  vouch_key_id: string | null;
  vouch_signature: string | null;
  state: 'open' | 'promoted' | 'withdrawn';
  closed_at: Date | null;
  shadow_since: Date | null;
  shadow_until: Date | null;
  shadow_compared: number;
  shadow_dropped: number;
}

export interface ReplayRow {
  tenant: string;
  replay_id: string;
  candidate_id: string;
  state: 'running' | 'finished' | 'failed';
  from_at: Date;
  to_at: Date;
  started_by: string;
  started_at: Date;
  updated_at: Date;
  total: number;
  done: number;
  reproduced: number;
  /** JSON: ids of decisions that came out otherwise under their own release. */
  otherwise: string;
  unknown_release: number;
}

export interface StageRow {
  tenant: string;
  stage_id: Id<'stg'>;
  candidate_id: Id<'pcd'>;
  digest: string;
  base_sequence: number;
  revision: number;
  /** JSON: desks; none means every desk. */
  desks: string;
  percent: number;
  until: Date;
  key_id: string;
  signature: string;
  started_by: string;
  started_at: Date;
  /** Of its newest setting. */
  evidence_id: Id<'evt'>;
  state: 'running' | 'ended';
  compared: number;
  dropped: number;
}

export interface DifferenceRow {
  tenant: string;
  candidate_id: string;
  /** `shadow`, the replay, or the stage. */
  source: string;
  decision_id: string;
  change: 'stopped' | 'permitted' | 'otherwise';
  action: string;
  subject_id: string;
  /** JSON: ids of the determining policies. */
  live_policies: string;
  candidate_policies: string;
  decided_at: Date;
}

export interface DifferenceCountRow {
  tenant: string;
  candidate_id: string;
  source: string;
  /** The policy that makes the difference, or the subject that it would meet. */
  about: 'policy' | 'subject';
  name: string;
  change: 'stopped' | 'permitted' | 'otherwise';
  count: number;
}

// A type and not an interface: `withTables` asks for an index signature.
type Tables = {
  decisions: DecisionRow;
  decision_results: ResultRow;
  policy_releases: ReleaseRow;
  policy_candidates: CandidateRow;
  policy_replays: ReplayRow;
  policy_stages: StageRow;
  policy_differences: DifferenceRow;
  policy_difference_counts: DifferenceCountRow;
};

/** A handle that knows this module's tables. */
export function tablesOf(db: Db): Kysely<Tables> {
  return db.withTables<Tables>();
}
