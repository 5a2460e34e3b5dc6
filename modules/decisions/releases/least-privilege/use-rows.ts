import type { Db } from '@proofline/storage';
import { sql } from 'kysely';
import { tablesOf } from '../../store/tables.ts';

/** As many of the newest decisions are looked at: what is older counts as not recorded. */
const LOOKED_AT_MAX = 200_000;

/** What people who stood in these roles, at this desk, were permitted. */
export interface Use {
  readonly action: string;
  readonly roles: readonly string[];
  readonly desk: string;
  readonly count: number;
  readonly lastAt: Date;
}

/** What was recorded since a moment; `from`: the oldest decision that was looked at. */
export interface RecordedUse {
  readonly uses: readonly Use[];
  readonly from: Date;
  readonly decisions: number;
}

/**
 * Permits of staff by action, roles and desk, as the facts of each decision say: roles change, and what
 * somebody was permitted in an earlier role says nothing about their present one.
 */
export async function recordedUse(
  db: Db,
  tenant: string,
  since: { readonly id: string; readonly at: Date },
): Promise<RecordedUse> {
  const newest = tablesOf(db)
    .selectFrom('decisions')
    .select(['action', 'effect', 'subject_type', 'facts', 'decided_at'])
    .where('tenant', '=', tenant)
    .where('decision_id', '>', since.id)
    .orderBy('decision_id', 'desc')
    .limit(LOOKED_AT_MAX);
  const { count, oldest } = await tablesOf(db)
    .selectFrom(newest.as('newest'))
    .select((eb) => [eb.fn.countAll().as('count'), eb.fn.min('decided_at').as('oldest')])
    .executeTakeFirstOrThrow();
  const rows = await tablesOf(db)
    .selectFrom(newest.as('newest'))
    .select([
      'action',
      sql<string | null>`facts::jsonb #>> '{staff,roles}'`.as('roles'),
      sql<string | null>`facts::jsonb #>> '{staff,desk}'`.as('desk'),
    ])
    .select((eb) => [eb.fn.countAll().as('count'), eb.fn.max('decided_at').as('last')])
    .where('effect', '=', 'permit')
    .where('subject_type', '=', 'Staff')
    .groupBy(['action', 'roles', 'desk'])
    .execute();
  return {
    uses: rows.map(({ action, roles, desk, count: uses, last }) => {
      const read: unknown = JSON.parse(roles ?? '[]');
      return {
        action,
        roles: Array.isArray(read) ? read.map(String) : [],
        desk: desk ?? '',
        count: Number(uses),
        lastAt: last,
      };
    }),
    from: oldest ?? since.at,
    decisions: Number(count),
  };
}
