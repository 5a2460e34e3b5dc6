import { limits } from '@proofline/kernel';
import { breakGlassLimits, type BreakGlassState } from '@proofline/protocol';
import { among, readPage, toCondition } from '@proofline/storage';
import type { Db, Page, SqlCondition } from '@proofline/storage';
import {
  breakGlassTables,
  type BreakGlassRow,
  type BreakGlassUseRow,
} from './break-glass-tables.ts';

/** What a step changes of a row. What was asked for never changes. */
export type StepColumns = Partial<
  Omit<
    BreakGlassRow,
    | 'tenant'
    | 'break_glass_id'
    | 'account_number'
    | 'customer_id'
    | 'categories'
    | 'reason_code'
    | 'note'
    | 'minutes'
    | 'requested_by'
    | 'requested_in_session'
    | 'desk'
    | 'requested_at'
  >
>;

/** One access of this tenant, whatever its state. */
export async function findAccess(
  db: Db,
  tenant: string,
  breakGlassId: string,
): Promise<BreakGlassRow | undefined> {
  return breakGlassTables(db)
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('break_glass_id', '=', breakGlassId)
    .executeTakeFirst();
}

/** Whose requests, and at what moment. */
interface OfRequester {
  readonly requestedBy: string;
  readonly at: Date;
}

/** The oldest access of somebody that was opened and that nobody judged in time. Lapsed requests hide none. */
export async function findOverdueOf(
  db: Db,
  tenant: string,
  { at, requestedBy, reviewHours }: OfRequester & { readonly reviewHours: number },
): Promise<BreakGlassRow | undefined> {
  const endedBefore = new Date(at.getTime() - reviewHours * 3_600_000);
  // Nobody wrote its end down: it ended at the latest when its longest time was over.
  const openedBefore = new Date(endedBefore.getTime() - breakGlassLimits.minutesMax * 60_000);
  return breakGlassTables(db)
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('requested_by', '=', requestedBy)
    .where('opened_at', 'is not', null)
    .where('verdict', 'is', null)
    .where((where) =>
      where.or([
        where('escalated_at', 'is not', null),
        where('ended_at', '<=', endedBefore),
        where.and([where('ended_at', 'is', null), where('opened_at', '<=', openedBefore)]),
      ]),
    )
    .orderBy('requested_at')
    .limit(1)
    .executeTakeFirst();
}

/**
 * What somebody asked for so lately that it may wait or be open still; the moment tells which. No page: how
 * many there are is bounded by how often one may ask.
 */
export async function listUnfinishedOf(
  db: Db,
  tenant: string,
  { at, requestedBy }: OfRequester,
): Promise<BreakGlassRow[]> {
  const ago = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
  return breakGlassTables(db)
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('requested_by', '=', requestedBy)
    .where('declined_at', 'is', null)
    .where('ended_at', 'is', null)
    .where('verdict', 'is', null)
    .where((where) =>
      where.or([
        where('opened_at', '>', ago(breakGlassLimits.minutesMax)),
        where.and([
          where('opened_at', 'is', null),
          where('requested_at', '>', ago(breakGlassLimits.waitsMinutes)),
        ]),
      ]),
    )
    .execute();
}

/** How often somebody has asked since a moment, whatever became of it. */
export async function countAskedSince(
  db: Db,
  tenant: string,
  { requestedBy, since }: { readonly requestedBy: string; readonly since: Date },
): Promise<number> {
  const { asked } = await breakGlassTables(db)
    .selectFrom('break_glass')
    .select((select) => select.fn.countAll<string>().as('asked'))
    .where('tenant', '=', tenant)
    .where('requested_by', '=', requestedBy)
    .where('requested_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(asked);
}

/** Opened and not ended: of one person for one record, or in one session. */
export async function listOpened(
  db: Db,
  tenant: string,
  by:
    | { readonly requestedBy: string; readonly accountNumber: string }
    | { readonly sessionId: string },
): Promise<BreakGlassRow[]> {
  const query = breakGlassTables(db)
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('opened_at', 'is not', null)
    .where('ended_at', 'is', null);
  const of =
    'sessionId' in by
      ? query.where('requested_in_session', '=', by.sessionId)
      : query
          .where('requested_by', '=', by.requestedBy)
          .where('account_number', '=', by.accountNumber);
  return of.orderBy('opened_at', 'desc').limit(10).execute();
}

/** A page of what was opened and not judged yet, the oldest first, from behind the last of the page before. */
export async function listToWatch(
  db: Db,
  tenant: string,
  after?: BreakGlassRow,
): Promise<BreakGlassRow[]> {
  const query = breakGlassTables(db)
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('declined_at', 'is', null)
    .where('verdict', 'is', null)
    .where('opened_at', 'is not', null)
    // What has been told of as overdue has nothing left that time could do to it.
    .where('escalated_at', 'is', null);
  const rest = after
    ? query.where((where) =>
        where(
          where.refTuple('requested_at', 'break_glass_id'),
          '>',
          where.tuple(after.requested_at, after.break_glass_id),
        ),
      )
    : query;
  return rest
    .orderBy('requested_at')
    .orderBy('break_glass_id')
    .limit(limits.pageMaxItems)
    .execute();
}

export async function insertAccess(tx: Db, row: BreakGlassRow): Promise<void> {
  await breakGlassTables(tx).insertInto('break_glass').values(row).execute();
}

/** Takes a step from exactly the row that was read; `undefined` when somebody took another one first. */
export async function takeStep(
  tx: Db,
  row: BreakGlassRow,
  step: StepColumns,
): Promise<BreakGlassRow | undefined> {
  return breakGlassTables(tx)
    .updateTable('break_glass')
    .set(step)
    .where('tenant', '=', row.tenant)
    .where('break_glass_id', '=', row.break_glass_id)
    .where('evidence_id', '=', row.evidence_id)
    .returningAll()
    .executeTakeFirst();
}

/** Notes the time that was seen while it was open; only ever forward. */
export async function noteSeen(db: Db, row: BreakGlassRow, at: Date): Promise<void> {
  await breakGlassTables(db)
    .updateTable('break_glass')
    .set({ seen_at: at })
    .where('tenant', '=', row.tenant)
    .where('break_glass_id', '=', row.break_glass_id)
    .where('ended_at', 'is', null)
    .where((where) => where.or([where('seen_at', 'is', null), where('seen_at', '<', at)]))
    .execute();
}

/** Newest first, in one state or in all; what only the moment tells apart is the caller's to sort out. */
export async function listAccesses(
  db: Db,
  tenant: string,
  wanted: {
    readonly where: SqlCondition | undefined;
    readonly state: BreakGlassState | undefined;
    readonly at: Date;
  },
): Promise<Page<BreakGlassRow>> {
  const { state, at } = wanted;
  let query = breakGlassTables(db)
    .selectFrom('break_glass')
    .selectAll()
    .where('tenant', '=', tenant);
  if (wanted.where) query = query.where(toCondition(wanted.where));
  const since = new Date(at.getTime() - breakGlassLimits.waitsMinutes * 60_000);
  if (state === 'declined') query = query.where('declined_at', 'is not', null);
  else if (state === 'reviewed') query = query.where('verdict', 'is not', null);
  else if (state !== undefined) {
    query = query.where('declined_at', 'is', null).where('verdict', 'is', null);
    const isOpened = state === 'open' || state === 'ended' || state === 'overdue';
    query = query.where('opened_at', isOpened ? 'is not' : 'is', null);
    if (state === 'waiting') query = query.where('requested_at', '>', since);
    if (state === 'lapsed') query = query.where('requested_at', '<=', since);
    if (state === 'open') query = query.where('ended_at', 'is', null);
    if (isOpened) query = query.where('escalated_at', state === 'overdue' ? 'is not' : 'is', null);
  }
  const newestFirst = query.orderBy('requested_at', 'desc').orderBy('break_glass_id', 'desc');
  return readPage(db, newestFirst, limits.pageMaxItems);
}

export async function insertUse(tx: Db, row: BreakGlassUseRow): Promise<void> {
  await breakGlassTables(tx).insertInto('break_glass_uses').values(row).execute();
}

/** What was read under one access, in its order. */
export async function listUses(
  db: Db,
  tenant: string,
  breakGlassId: string,
): Promise<BreakGlassUseRow[]> {
  return breakGlassTables(db)
    .selectFrom('break_glass_uses')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('break_glass_id', '=', breakGlassId)
    .orderBy('at')
    .orderBy('decision_id')
    .limit(limits.countedMaxRows)
    .execute();
}

/** How often something was read under each of these. */
export async function countUses(
  db: Db,
  tenant: string,
  breakGlassIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (breakGlassIds.length === 0) return new Map();
  const rows = await breakGlassTables(db)
    .selectFrom('break_glass_uses')
    .select((select) => ['break_glass_id', select.fn.countAll<string>().as('uses')])
    .where('tenant', '=', tenant)
    .where(among('break_glass_id', 'text', breakGlassIds))
    .groupBy('break_glass_id')
    .execute();
  return new Map(rows.map(({ break_glass_id: id, uses }) => [id, Number(uses)]));
}
