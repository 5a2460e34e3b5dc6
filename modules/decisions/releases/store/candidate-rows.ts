import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tablesOf, type CandidateRow } from '../../store/tables.ts';

/** Columns of a new candidate; everything that comes later is empty. */
export type NewCandidate = Omit<
  CandidateRow,
  | 'state'
  | 'closed_at'
  | 'shadow_since'
  | 'shadow_until'
  | 'shadow_compared'
  | 'shadow_dropped'
  | keyof Vouching
>;

/** Columns of a vouching. */
export interface Vouching {
  readonly vouched_by: string;
  readonly vouched_at: Date;
  readonly vouch_evidence_id: string;
  readonly vouch_key_id: string;
  readonly vouch_signature: string;
}

/** Writes a candidate and answers its row. */
export async function insertCandidate(tx: Db, row: NewCandidate): Promise<CandidateRow> {
  return tablesOf(tx)
    .insertInto('policy_candidates')
    .values({ ...row, state: 'open', shadow_compared: 0, shadow_dropped: 0 })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** One candidate of this tenant, whatever its state. */
export async function findCandidate(
  db: Db,
  tenant: string,
  candidateId: string,
): Promise<CandidateRow | undefined> {
  return tablesOf(db)
    .selectFrom('policy_candidates')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('candidate_id', '=', candidateId)
    .executeTakeFirst();
}

/** The newest candidates, newest first; with `state`, only such. */
export async function listCandidates(
  db: Db,
  tenant: string,
  { count, state }: { readonly count: number; readonly state?: CandidateRow['state'] },
): Promise<CandidateRow[]> {
  let query = tablesOf(db).selectFrom('policy_candidates').selectAll().where('tenant', '=', tenant);
  if (state !== undefined) query = query.where('state', '=', state);
  return query.orderBy('candidate_id', 'desc').limit(count).execute();
}

/** The candidate that this set came in as before, whatever became of it. */
export async function findSameCandidate(
  db: Db,
  tenant: string,
  { digest, casesDigest }: { readonly digest: string; readonly casesDigest: string },
): Promise<CandidateRow | undefined> {
  return tablesOf(db)
    .selectFrom('policy_candidates')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('digest', '=', digest)
    .where('cases_digest', '=', casesDigest)
    .orderBy('candidate_id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Closes an open candidate, once: `undefined` when it was closed meanwhile. Its shadow ends with it. */
export async function closeCandidate(
  tx: Db,
  tenant: string,
  closing: {
    readonly candidateId: Id<'pcd'>;
    readonly state: 'promoted' | 'withdrawn';
    readonly at: Date;
  },
): Promise<CandidateRow | undefined> {
  return tablesOf(tx)
    .updateTable('policy_candidates')
    .set({ state: closing.state, closed_at: closing.at, shadow_until: null })
    .where('tenant', '=', tenant)
    .where('candidate_id', '=', closing.candidateId)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst();
}

/** Writes who vouches for an open candidate, once: `undefined` when it was closed or somebody does. */
export async function writeVouching(
  tx: Db,
  { tenant, candidate_id }: Pick<CandidateRow, 'tenant' | 'candidate_id'>,
  vouching: Vouching,
): Promise<CandidateRow | undefined> {
  return tablesOf(tx)
    .updateTable('policy_candidates')
    .set(vouching)
    .where('tenant', '=', tenant)
    .where('candidate_id', '=', candidate_id)
    .where('state', '=', 'open')
    .where('vouched_by', 'is', null)
    .returningAll()
    .executeTakeFirst();
}

/** Sets until when an open candidate decides beside the live policies; null ends it. */
export async function setShadow(
  tx: Db,
  tenant: string,
  shadow: {
    readonly candidateId: Id<'pcd'>;
    readonly since: Date | null;
    readonly until: Date | null;
  },
): Promise<CandidateRow | undefined> {
  return tablesOf(tx)
    .updateTable('policy_candidates')
    .set({
      shadow_until: shadow.until,
      // A new shadow counts anew.
      ...(shadow.since !== null && {
        shadow_since: shadow.since,
        shadow_compared: 0,
        shadow_dropped: 0,
      }),
    })
    .where('tenant', '=', tenant)
    .where('candidate_id', '=', shadow.candidateId)
    .where('state', '=', 'open')
    .returningAll()
    .executeTakeFirst();
}

/** Open candidates whose shadow runs now, without their texts. */
export async function listShadows(
  db: Db,
  tenant: string,
  at: Date,
): Promise<Pick<CandidateRow, 'candidate_id' | 'digest'>[]> {
  return tablesOf(db)
    .selectFrom('policy_candidates')
    .select(['candidate_id', 'digest'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
    .where('shadow_until', '>', at)
    .orderBy('candidate_id', 'desc')
    .limit(3)
    .execute();
}

/** Adds what one node has compared, and what came too fast. */
export async function addShadowWork(
  tx: Db,
  tenant: string,
  work: { readonly candidateId: string; readonly compared: number; readonly dropped: number },
): Promise<void> {
  await tablesOf(tx)
    .updateTable('policy_candidates')
    .set((eb) => ({
      shadow_compared: eb('shadow_compared', '+', work.compared),
      shadow_dropped: eb('shadow_dropped', '+', work.dropped),
    }))
    .where('tenant', '=', tenant)
    .where('candidate_id', '=', work.candidateId)
    .execute();
}
