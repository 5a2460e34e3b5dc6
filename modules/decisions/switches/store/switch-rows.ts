import type { Id } from '@proofline/kernel';
import { StopCode, SwitchTarget } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { StandingSwitch } from '../domain/switched-off.ts';

/** A row of `switches`. */
export interface SwitchRow {
  tenant: string;
  switch_id: Id<'swt'>;
  target_kind: string;
  target_name: string;
  reason_code: string;
  note: string;
  thrown_by: Id<'stf'>;
  thrown_at: Date;
  expires_at: Date;
  evidence_id: Id<'evt'>;
  ended_at: Date | null;
  ended_how: 'lifted' | 'expired' | null;
  lifted_by: Id<'stf'> | null;
}

// Aliases, because kysely asks for an index signature. Every id was minted by Proofline.
type Tables = { switches: SwitchRow };
const tablesOf = (db: Db) => db.withTables<Tables>();

/** As many may stand at once: every decision looks at all of them. */
export const STANDING_MAX = 100;

/** The column form of a target. */
export function namesOf(target: SwitchTarget): Pick<SwitchRow, 'target_kind' | 'target_name'> {
  const { kind, ...rest } = target;
  return { target_kind: kind, target_name: Object.values(rest)[0] ?? '' };
}

const memberOf: Readonly<Record<string, string>> = {
  action: 'action',
  domain: 'domain',
  service: 'serviceId',
  agent: 'subjectId',
};

/** @throws when the row says nothing that can be understood: then the switches are not readable. */
export function targetOf({ target_kind: kind, target_name: name }: SwitchRow): SwitchTarget {
  const member = memberOf[kind];
  return SwitchTarget.parse({ kind, ...(member !== undefined && { [member]: name }) });
}

export async function insertSwitch(tx: Db, row: SwitchRow): Promise<void> {
  await tablesOf(tx).insertInto('switches').values(row).execute();
}

export async function findSwitch(
  db: Db,
  tenant: string,
  switchId: Id<'swt'>,
): Promise<SwitchRow | undefined> {
  return tablesOf(db)
    .selectFrom('switches')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('switch_id', '=', switchId)
    .executeTakeFirst();
}

/** Those that were not ended, oldest first, those past their time included. */
export async function standingRows(db: Db, tenant: string): Promise<SwitchRow[]> {
  return tablesOf(db)
    .selectFrom('switches')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .orderBy('switch_id')
    .limit(STANDING_MAX + 1)
    .execute();
}

/** A row as decisions look at it. */
export function standingOf(row: SwitchRow): StandingSwitch {
  return {
    switchId: row.switch_id,
    target: targetOf(row),
    reasonCode: StopCode.parse(row.reason_code),
    expiresAtMs: row.expires_at.getTime(),
    evidenceId: row.evidence_id,
  };
}

/** A page of the list, newest first. */
export async function listSwitchRows(
  db: Db,
  tenant: string,
  by: { readonly ended: boolean | undefined; readonly count: number },
): Promise<SwitchRow[]> {
  let query = tablesOf(db)
    .selectFrom('switches')
    .selectAll()
    .where('tenant', '=', tenant)
    .orderBy('switch_id', 'desc')
    .limit(by.count);
  if (by.ended !== undefined) query = query.where('ended_at', by.ended ? 'is not' : 'is', null);
  return query.execute();
}

/** Ends a switch; false when somebody else ended it first. */
export async function endSwitch(
  tx: Db,
  tenant: string,
  end: {
    readonly switchId: Id<'swt'>;
    readonly at: Date;
    readonly liftedBy?: Id<'stf'>;
  },
): Promise<boolean> {
  const ended = await tablesOf(tx)
    .updateTable('switches')
    .set({
      ended_at: end.at,
      ended_how: end.liftedBy === undefined ? 'expired' : 'lifted',
      lifted_by: end.liftedBy ?? null,
    })
    .where('tenant', '=', tenant)
    .where('switch_id', '=', end.switchId)
    .where('ended_at', 'is', null)
    .executeTakeFirst();
  return ended.numUpdatedRows === 1n;
}
