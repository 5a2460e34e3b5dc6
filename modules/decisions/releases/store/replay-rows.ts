import type { Db } from '@proofline/storage';
import { tablesOf, type DecisionRow, type ReplayRow } from '../../store/tables.ts';

/** Writes a replay that begins. */
export async function insertReplay(
  tx: Db,
  row: Pick<
    ReplayRow,
    | 'tenant'
    | 'replay_id'
    | 'candidate_id'
    | 'from_at'
    | 'to_at'
    | 'started_by'
    | 'started_at'
    | 'total'
  >,
): Promise<ReplayRow> {
  return tablesOf(tx)
    .insertInto('policy_replays')
    .values({
      ...row,
      state: 'running',
      updated_at: row.started_at,
      done: 0,
      reproduced: 0,
      otherwise: '[]',
      unknown_release: 0,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** How far a replay is. */
export async function updateReplay(
  tx: Db,
  { tenant, replay_id: replayId }: Pick<ReplayRow, 'tenant' | 'replay_id'>,
  progress: Partial<
    Pick<
      ReplayRow,
      'state' | 'updated_at' | 'done' | 'reproduced' | 'otherwise' | 'unknown_release'
    >
  >,
): Promise<void> {
  await tablesOf(tx)
    .updateTable('policy_replays')
    .set(progress)
    .where('tenant', '=', tenant)
    .where('replay_id', '=', replayId)
    .execute();
}

/** The replays of a candidate, newest first. */
export async function listReplays(
  db: Db,
  tenant: string,
  candidateId: string,
): Promise<ReplayRow[]> {
  return tablesOf(db)
    .selectFrom('policy_replays')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('candidate_id', '=', candidateId)
    .orderBy('replay_id', 'desc')
    .limit(20)
    .execute();
}

/** Decisions behind one id up to another, in their order: ids follow time. */
export async function decisionsBetween(
  db: Db,
  tenant: string,
  range: { readonly after: string; readonly to: string; readonly count: number },
): Promise<DecisionRow[]> {
  return tablesOf(db)
    .selectFrom('decisions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('decision_id', '>', range.after)
    .where('decision_id', '<=', range.to)
    .orderBy('decision_id')
    .limit(range.count)
    .execute();
}

/** How many these are. */
export async function countDecisions(
  db: Db,
  tenant: string,
  range: { readonly after: string; readonly to: string },
): Promise<number> {
  const { count } = await tablesOf(db)
    .selectFrom('decisions')
    .select((eb) => eb.fn.countAll<string>().as('count'))
    .where('tenant', '=', tenant)
    .where('decision_id', '>', range.after)
    .where('decision_id', '<=', range.to)
    .executeTakeFirstOrThrow();
  return Number(count);
}
