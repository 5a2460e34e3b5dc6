import type { EvidenceOutcome } from '@proofline/protocol';
import { among, type Db } from '@proofline/storage';
import { sql, type RawBuilder, type SqlBool } from 'kysely';
import { withinLog } from './within-log.ts';

/** What an entry must name: one of these values, in one of these roles or in any. */
export interface Term {
  readonly values: readonly string[];
  readonly roles?: readonly string[];
}

/** What a search asks. All of it narrows. */
export interface FacetQuery {
  readonly terms: readonly Term[];
  readonly kind?: string | undefined;
  readonly action?: string | undefined;
  readonly outcome?: EvidenceOutcome | undefined;
  /** Digest of a release of policies. */
  readonly release?: string | undefined;
  /** Only what was permitted without an identity proof behind it. */
  readonly isOrphan?: boolean | undefined;
  /** Only entries at these places. */
  readonly places?: readonly number[] | undefined;
  /** Leaves out permits for these actions. */
  readonly without?: readonly string[] | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Only entries before this index. */
  readonly before?: number | undefined;
  readonly count: number;
}

/**
 * Entries come into the log in nearly the order of their times. No transaction is open for an hour, and no
 * two servers’ clocks are that far apart: beyond that the place in the log says that the time does not fit.
 */
const ORDER_SLACK_MS = 3_600_000;

/** The places of what is found, newest first. */
export async function searchFacets(
  db: Db,
  tenant: string,
  query: FacetQuery,
): Promise<readonly number[]> {
  const conditions = [
    sql<SqlBool>`f.tenant = ${tenant}`,
    withinLog(tenant, 'f.idx'),
    ...query.terms.flatMap((term, at) => named(tenant, term, at)),
    ...facetConditions(query),
    ...(await placesOf(db, tenant, query)),
  ];
  const where = sql.join(conditions, sql` and `);
  const others = query.terms.slice(1).map((_, at) => joined(at + 1));
  // What is named comes first, from its newest mention on; its facets decide.
  const text =
    query.terms.length > 0
      ? sql<{ idx: number }>`
        select distinct r0.idx from ledger_refs r0
        join ledger_facets f on f.tenant = r0.tenant and f.idx = r0.idx
        ${sql.join(others, sql` `)}
        where ${where} order by r0.idx desc limit ${query.count}`
      : sql<{ idx: number }>`
        select f.idx from ledger_facets f
        where ${where} order by f.idx desc limit ${query.count}`;
  const { rows } = await text.execute(db);
  return rows.map(({ idx }) => idx);
}

const alias = (at: number) => sql.raw(`r${at}`);
const joined = (at: number) =>
  sql`join ledger_refs ${alias(at)} on ${alias(at)}.tenant = r0.tenant and ${alias(at)}.idx = r0.idx`;

function named(tenant: string, { values, roles }: Term, at: number): RawBuilder<SqlBool>[] {
  const [only, ...others] = values;
  return [
    sql<SqlBool>`${alias(at)}.tenant = ${tenant}`,
    others.length === 0
      ? sql<SqlBool>`${alias(at)}.value = ${only ?? ''}`
      : among(`r${at}.value`, 'text', values),
    ...(roles ? [among(`r${at}.role`, 'text', roles)] : []),
  ];
}

function facetConditions(query: FacetQuery): RawBuilder<SqlBool>[] {
  const { action, before, from, isOrphan, kind, outcome, places, release, to, without } = query;
  const conditions: (RawBuilder<SqlBool> | false)[] = [
    kind !== undefined && sql<SqlBool>`f.kind = ${kind}`,
    action !== undefined && sql<SqlBool>`f.action = ${action}`,
    outcome !== undefined && sql<SqlBool>`f.outcome = ${outcome}`,
    release !== undefined && sql<SqlBool>`f.release = ${release}`,
    // The constant is spelled out, so that the planner sees that the small index is enough.
    isOrphan === true && sql<SqlBool>`f.root = 'missing'`,
    without !== undefined &&
      sql<SqlBool>`not (f.kind = 'decision.made' and coalesce(f.outcome, '') = 'permit'
        and ${among('f.action', 'text', without)} is true)`,
    places !== undefined && among('f.idx', 'bigint', places),
    from !== undefined && sql<SqlBool>`f.at >= ${from}`,
    to !== undefined && sql<SqlBool>`f.at < ${to}`,
    before !== undefined && sql<SqlBool>`f.idx < ${before}`,
  ];
  return conditions.filter((one) => one !== false);
}

/** The stretch of the log in which a time range lies: found by the clock, read by the place. */
async function placesOf(
  db: Db,
  tenant: string,
  { from, to }: FacetQuery,
): Promise<RawBuilder<SqlBool>[]> {
  const conditions: RawBuilder<SqlBool>[] = [];
  if (from) {
    const { rows } = await sql<{ idx: number }>`
      select idx from ledger_facets where tenant = ${tenant} and ${withinLog(tenant)}
      and at < ${new Date(from.getTime() - ORDER_SLACK_MS)} order by at desc, idx desc limit 1`.execute(
      db,
    );
    const [last] = rows;
    if (last) conditions.push(sql<SqlBool>`f.idx > ${last.idx}`);
  }
  if (to) {
    const { rows } = await sql<{ idx: number }>`
      select idx from ledger_facets where tenant = ${tenant} and ${withinLog(tenant)}
      and at > ${new Date(to.getTime() + ORDER_SLACK_MS)} order by at, idx limit 1`.execute(db);
    const [first] = rows;
    if (first) conditions.push(sql<SqlBool>`f.idx < ${first.idx}`);
  }
  return conditions;
}
