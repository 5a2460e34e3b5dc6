import { sql } from 'kysely';
import type { Company } from '../../demo/start-company.ts';

/** Those who are attacked: a colleague, a newcomer whom nobody has confirmed, a customer. */
export interface Victims {
  readonly staff: readonly string[];
  readonly customers: readonly string[];
}

/** Every row that says who somebody is, what they prove it with, and how strongly it was proved. */
const belongings = [
  { table: 'workforce_staff', owner: 'subject_id', of: 'staff' },
  { table: 'workforce_authenticators', owner: 'subject_id', of: 'staff' },
  { table: 'workforce_authenticator_history', owner: 'subject_id', of: 'staff' },
  { table: 'workforce_channels', owner: 'subject_id', of: 'staff' },
  { table: 'recovery_preparations', owner: 'subject_id', of: 'staff' },
  { table: 'workforce_invitations', owner: 'subject_id', of: 'staff' },
  { table: 'customers', owner: 'customer_id', of: 'customers' },
  { table: 'customer_authenticators', owner: 'customer_id', of: 'customers' },
  { table: 'customer_authenticator_history', owner: 'customer_id', of: 'customers' },
  { table: 'recovery_preparations', owner: 'subject_id', of: 'customers' },
  { table: 'customer_enrolments', owner: 'customer_id', of: 'customers' },
  { table: 'sessions', owner: 'subject_id', of: 'staff' },
  { table: 'sessions', owner: 'subject_id', of: 'customers' },
] as const;

export type Snapshot = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** Everything of the victims that no one but they may change, as it is now. */
export async function snapshot(company: Company, victims: Victims): Promise<Snapshot> {
  const { db } = company.server.composition.storage;
  const tables: Record<string, readonly Record<string, unknown>[]> = {};
  for (const { table, owner, of } of belongings) {
    const { rows } = await sql<Record<string, unknown>>`
      select * from ${sql.table(table)} where ${sql.ref(owner)} in (${sql.join(victims[of])})
      order by 1, 2`.execute(db);
    tables[`${table} of ${of}`] = rows;
  }
  return tables;
}

/** How many authenticators there are at all: none may appear by an attack, for whomever. */
export async function countAuthenticators(company: Company): Promise<number> {
  const { rows } = await sql<{ n: number | string }>`
    select (select count(*) from workforce_authenticators)
      + (select count(*) from customer_authenticators) as n`.execute(
    company.server.composition.storage.db,
  );
  return Number(rows[0]?.n);
}

/**
 * What a role’s own work may change of a colleague: to end a session is one thing, and it takes away only;
 * a directory says besides what they are called, where they work, and that they have left.
 */
const duties: Readonly<Record<string, readonly string[]>> = {
  'security-admin': ['ended_at', 'ended_because'],
  provisioning: ['ended_at', 'ended_because', 'display_name', 'desk', 'left_at'],
};

/** A snapshot without what is somebody’s own work: the rest must stay as it was. */
export function beyondDuty(name: string, taken: Snapshot): Snapshot {
  const own = new Set(duties[name]);
  return Object.fromEntries(
    Object.entries(taken).map(([table, rows]) => [
      table,
      /^(sessions|workforce_staff) of staff$/.test(table)
        ? rows.map((row) =>
            Object.fromEntries(Object.entries(row).filter(([column]) => !own.has(column))),
          )
        : rows,
    ]),
  );
}
