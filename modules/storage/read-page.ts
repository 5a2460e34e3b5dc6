import { limits } from '@proofline/kernel';
import { sql, type SelectQueryBuilder } from 'kysely';
import type { Db } from './types.ts';

/** How many rows there are in all; at least `count`, where the count stopped at its bound. */
interface Total {
  readonly count: number;
  readonly isExact: boolean;
}

/** The rows of a list that fit on its page, and how many there are in all. */
export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly total: Total;
}

/**
 * The first rows of a query, and how many it has. They are counted only where the page is full, and
 * no further than a bound, so that a long list costs what a short one does.
 */
export async function readPage<DB, TB extends keyof DB, Row>(
  db: Db,
  query: SelectQueryBuilder<DB, TB, Row>,
  rowsMax: number,
): Promise<Page<Row>> {
  const rows = await query.limit(rowsMax).execute();
  const total =
    rows.length < rowsMax
      ? { count: rows.length, isExact: true }
      : totalOf(await countRows(db, query));
  return { rows, total };
}

/** How many rows a query has, counted no further than the bound of every list. */
export async function countRows<DB, TB extends keyof DB, Row>(
  db: Db,
  query: SelectQueryBuilder<DB, TB, Row>,
): Promise<number> {
  const counted = query
    .clearSelect()
    .clearOrderBy()
    .select(sql<number>`1`.as('one'))
    .limit(limits.countedMaxRows);
  const { count } = await db
    .selectFrom(counted.as('counted'))
    .select(({ fn }) => fn.countAll().as('count'))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** What a count that stopped at the bound can say. */
export function totalOf(countedRows: number): Total {
  return { count: countedRows, isExact: countedRows < limits.countedMaxRows };
}
