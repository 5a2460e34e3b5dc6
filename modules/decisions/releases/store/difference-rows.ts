import type { Db } from '@proofline/storage';
import type { PolicyChange } from '@proofline/protocol';
import { tablesOf, type DifferenceCountRow, type DifferenceRow } from '../../store/tables.ts';
import type { Tally } from '../domain/tally.ts';

/** As many differing decisions are kept of one shadow or replay, and as many names are counted. */
const SAMPLES_MAX = 200;
const NAMES_MAX = 1_000;

/** Which shadow or replay it is about. */
export interface DifferencesOf {
  readonly tenant: string;
  readonly candidateId: string;
  /** `shadow`, or the replay. */
  readonly source: string;
}

/** Adds counts, and samples while there is room for them. */
export async function addDifferences(
  tx: Db,
  of: DifferencesOf,
  { counts, samples }: ReturnType<Tally['take']>,
): Promise<void> {
  const key = { tenant: of.tenant, candidate_id: of.candidateId, source: of.source };
  if (counts.length > 0) {
    const known = await countNames(tx, of);
    for (const { about, name, change, count } of counts) {
      const updated = await tablesOf(tx)
        .updateTable('policy_difference_counts')
        .set((eb) => ({ count: eb('count', '+', count) }))
        .where('tenant', '=', of.tenant)
        .where('candidate_id', '=', of.candidateId)
        .where('source', '=', of.source)
        .where('about', '=', about)
        .where('name', '=', name)
        .where('change', '=', change)
        .executeTakeFirst();
      if (updated.numUpdatedRows > 0n || known >= NAMES_MAX) continue;
      await tablesOf(tx)
        .insertInto('policy_difference_counts')
        .values({ ...key, about, name, change, count })
        .execute();
    }
  }
  const room = SAMPLES_MAX - (await countSamples(tx, of));
  const rows = samples
    .slice(0, Math.max(0, room))
    .map(({ decision, subjectId, difference }): DifferenceRow => ({
      ...key,
      decision_id: decision.decisionId,
      change: difference.change,
      action: decision.action,
      subject_id: subjectId,
      live_policies: JSON.stringify(difference.livePolicies),
      candidate_policies: JSON.stringify(difference.candidatePolicies),
      decided_at: new Date(decision.decidedAt),
    }));
  if (rows.length === 0) return;
  await tablesOf(tx)
    .insertInto('policy_differences')
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Forgets what an earlier shadow of a candidate counted. */
export async function clearDifferences(tx: Db, of: DifferencesOf): Promise<void> {
  for (const table of ['policy_differences', 'policy_difference_counts'] as const) {
    await tablesOf(tx)
      .deleteFrom(table)
      .where('tenant', '=', of.tenant)
      .where('candidate_id', '=', of.candidateId)
      .where('source', '=', of.source)
      .execute();
  }
}

/** The counts, most first. */
export async function listCounts(
  db: Db,
  of: DifferencesOf,
  wanted: {
    readonly about: DifferenceCountRow['about'];
    readonly change?: PolicyChange | undefined;
  },
): Promise<DifferenceCountRow[]> {
  let query = tablesOf(db)
    .selectFrom('policy_difference_counts')
    .selectAll()
    .where('tenant', '=', of.tenant)
    .where('candidate_id', '=', of.candidateId)
    .where('source', '=', of.source)
    .where('about', '=', wanted.about);
  if (wanted.change !== undefined) query = query.where('change', '=', wanted.change);
  return query.orderBy('count', 'desc').orderBy('name').limit(100).execute();
}

/** How many subjects each change met. */
export async function countSubjects(
  db: Db,
  of: DifferencesOf,
): Promise<{ readonly change: PolicyChange; readonly count: number }[]> {
  const rows = await tablesOf(db)
    .selectFrom('policy_difference_counts')
    .select(['change', (eb) => eb.fn.countAll<string>().as('count')])
    .where('tenant', '=', of.tenant)
    .where('candidate_id', '=', of.candidateId)
    .where('source', '=', of.source)
    .where('about', '=', 'subject')
    .groupBy('change')
    .orderBy('change')
    .execute();
  return rows.map(({ change, count }) => ({ change, count: Number(count) }));
}

/** The samples, newest first. */
export async function listSamples(
  db: Db,
  of: DifferencesOf,
  change: PolicyChange | undefined,
): Promise<DifferenceRow[]> {
  let query = tablesOf(db)
    .selectFrom('policy_differences')
    .selectAll()
    .where('tenant', '=', of.tenant)
    .where('candidate_id', '=', of.candidateId)
    .where('source', '=', of.source);
  if (change !== undefined) query = query.where('change', '=', change);
  return query.orderBy('decision_id', 'desc').limit(SAMPLES_MAX).execute();
}

async function countNames(db: Db, of: DifferencesOf): Promise<number> {
  const { count } = await tablesOf(db)
    .selectFrom('policy_difference_counts')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant', '=', of.tenant)
    .where('candidate_id', '=', of.candidateId)
    .where('source', '=', of.source)
    .executeTakeFirstOrThrow();
  return Number(count);
}

async function countSamples(db: Db, of: DifferencesOf): Promise<number> {
  const { count } = await tablesOf(db)
    .selectFrom('policy_differences')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant', '=', of.tenant)
    .where('candidate_id', '=', of.candidateId)
    .where('source', '=', of.source)
    .executeTakeFirstOrThrow();
  return Number(count);
}
