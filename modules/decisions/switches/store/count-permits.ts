import type { Db } from '@proofline/storage';
import { tablesOf } from '../../store/tables.ts';

/** So many permits of somebody, for one action. */
export interface PermitCount {
  readonly subject: { readonly type: string; readonly id: string };
  readonly action: string;
  readonly count: number;
}

/**
 * Permits since a moment, counted by subject and action, of the newest decisions only: ids follow time,
 * so the primary key finds these without reading the rest.
 */
export async function countPermits(
  db: Db,
  tenant: string,
  of: { readonly since: Date; readonly newest: number },
): Promise<PermitCount[]> {
  const rows = await tablesOf(db)
    .selectFrom((from) =>
      from
        .selectFrom('decisions')
        .select(['subject_type', 'subject_id', 'action', 'effect', 'decided_at'])
        .where('tenant', '=', tenant)
        .orderBy('decision_id', 'desc')
        .limit(of.newest)
        .as('newest'),
    )
    .select(['subject_type', 'subject_id', 'action'])
    .select(({ fn }) => fn.countAll().as('count'))
    .where('effect', '=', 'permit')
    .where('decided_at', '>=', of.since)
    .groupBy(['subject_type', 'subject_id', 'action'])
    .execute();
  return rows.map((row) => ({
    subject: { type: row.subject_type, id: row.subject_id },
    action: row.action,
    count: Number(row.count),
  }));
}
