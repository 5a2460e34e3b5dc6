import { limits, type Id } from '@proofline/kernel';
import type { Role } from '@proofline/protocol';
import {
  countRows,
  toCondition,
  totalOf,
  type Db,
  type Page,
  type SqlCondition,
} from '@proofline/storage';
import { readStaffRow, type StaffRow } from './staff-rows.ts';
import { tables, type StaffTable } from './tables.ts';

/** Whom of the staff a list is about, and from where it goes on. */
export interface StaffQuery {
  readonly desk?: string | undefined;
  readonly role?: Role | undefined;
  /** Part of a name, in any case. */
  readonly name?: string | undefined;
  /** Whoever the page before ended with. Somebody who may not be seen is nobody, and leads nowhere (P9). */
  readonly cursor?: Id<'stf'> | undefined;
}

/** The rows that may be seen; `undefined`: every one. */
type Seen = SqlCondition | undefined;

/** A page of the staff, where the next one goes on, and its place among all, from 1. */
export interface StaffPage extends Page<StaffRow> {
  readonly nextCursor?: Id<'stf'>;
  readonly first?: number;
}

/** By desk, name and id: whoever comes or goes meanwhile shifts nobody else. */
export async function listStaff(
  db: Db,
  tenant: string,
  { where, ...wanted }: StaffQuery & { readonly where: Seen },
): Promise<StaffPage> {
  const seen = seenBy(db, tenant, where);
  const fitting = fittingOf(seen, wanted);
  const { cursor } = wanted;
  const last = cursor && (await seen.where('subject_id', '=', cursor).executeTakeFirst());
  if (cursor && !last) return { rows: [], total: totalOf(await countRows(db, fitting)) };
  const found = await (last ? fitting.where(standing('>', last)) : fitting)
    .orderBy('desk')
    .orderBy('display_name')
    .orderBy('subject_id')
    .limit(limits.pageMaxItems + 1)
    .execute();
  const rows = found.slice(0, limits.pageMaxItems).map(readStaffRow);
  const hasNext = found.length > rows.length;
  const before = last ? await countRows(db, fitting.where(standing('<=', last))) : 0;
  const next = hasNext ? rows.at(-1)?.subjectId : undefined;
  return {
    rows,
    // What is on one page is counted already.
    total: totalOf(last || hasNext ? await countRows(db, fitting) : rows.length),
    ...(next !== undefined && { nextCursor: next }),
    ...(rows.length > 0 && before < limits.countedMaxRows && { first: before + 1 }),
  };
}

/** Where the people work whom somebody may see. */
export async function listDesks(db: Db, tenant: string, where: Seen): Promise<string[]> {
  const found = await seenBy(db, tenant, where)
    .clearSelect()
    .select('desk')
    .distinct()
    .orderBy('desk')
    .limit(limits.pageMaxItems)
    .execute();
  return found.map(({ desk }) => desk);
}

function seenBy(db: Db, tenant: string, where: Seen) {
  const all = tables(db).selectFrom('workforce_staff').selectAll().where('tenant', '=', tenant);
  return where === undefined ? all : all.where(toCondition(where));
}

function fittingOf(seen: ReturnType<typeof seenBy>, { desk, name, role }: StaffQuery) {
  let fitting = seen;
  if (desk !== undefined) fitting = fitting.where('desk', '=', desk);
  if (role !== undefined) fitting = fitting.where('role', '=', role);
  if (name === undefined) return fitting;
  // Not `LIKE`: what is typed has no wildcards.
  const strings = ['position(lower(', ') in lower(display_name)) > 0'];
  return fitting.where(toCondition({ strings, parameters: [name] }));
}

/** Whether a row stands after, or not after, somebody in the order of the list. */
function standing(how: '>' | '<=', last: Pick<StaffTable, 'desk' | 'display_name' | 'subject_id'>) {
  return toCondition({
    strings: [`(desk, display_name, subject_id) ${how} (`, ', ', ', ', ')'],
    parameters: [last.desk, last.display_name, last.subject_id],
  });
}
