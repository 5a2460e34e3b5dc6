import type { Id } from '@proofline/kernel';
import type { CaseType } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Sight } from './interaction-rows.ts';
import { tables, type CasesTable } from './tables.ts';

/** A case, as read from its row. */
export interface CaseRow {
  readonly caseId: Id<'cse'>;
  readonly caseType: CaseType;
  readonly state: 'open' | 'closed';
  readonly interactionId: Id<'int'> | undefined;
  readonly customerId: Id<'cus'> | undefined;
  readonly openedAt: Date;
  readonly closedAt: Date | undefined;
  readonly evidenceId: Id<'evt'> | undefined;
}

interface Listing {
  readonly sight: Sight;
  readonly state: 'open' | 'closed' | undefined;
  readonly caseType: CaseType | undefined;
  readonly limit: number;
}

/** SQL of the table `cases`. */
export function caseRows(tenant: string) {
  const from = (db: Db) => tables(db).selectFrom('cases').selectAll().where('tenant', '=', tenant);
  const callsIn = (db: Db, { agentId, desk }: Sight) =>
    tables(db)
      .selectFrom('interactions')
      .select('interaction_id')
      .where('tenant', '=', tenant)
      .where((where) =>
        where.or([
          where('agent_id', '=', agentId),
          ...(desk === undefined ? [] : [where('desk', '=', desk)]),
        ]),
      );
  const update = (db: Db) => tables(db).updateTable('cases').where('tenant', '=', tenant);
  return {
    async insert(db: Db, row: Omit<CasesTable, 'tenant'>): Promise<void> {
      await tables(db)
        .insertInto('cases')
        .values({ ...row, tenant })
        .execute();
    },

    async find(db: Db, id: Id<'cse'>): Promise<CaseRow | undefined> {
      const row = await from(db).where('case_id', '=', id).executeTakeFirst();
      return row && read(row);
    },

    /** Every case of a call, the oldest first. */
    async listOfCall(db: Db, interactionId: Id<'int'>): Promise<CaseRow[]> {
      const rows = await from(db)
        .where('interaction_id', '=', interactionId)
        .orderBy('opened_at')
        .execute();
      return rows.map(read);
    },

    /** Those of calls in sight, and those of no call: nothing can be opened by them. */
    async list(db: Db, wanted: Listing): Promise<CaseRow[]> {
      let query = from(db).orderBy('opened_at', 'desc').limit(wanted.limit);
      query = query.where((where) =>
        where.or([
          where('interaction_id', 'is', null),
          where('interaction_id', 'in', callsIn(db, wanted.sight)),
        ]),
      );
      if (wanted.state) query = query.where('state', '=', wanted.state);
      if (wanted.caseType) query = query.where('case_type', '=', wanted.caseType);
      return (await query.execute()).map(read);
    },

    async setCustomer(db: Db, id: Id<'cse'>, customerId: Id<'cus'>): Promise<void> {
      await update(db).set({ customer_id: customerId }).where('case_id', '=', id).execute();
    },

    async closeOfCall(db: Db, interactionId: Id<'int'>, at: Date): Promise<void> {
      await update(db)
        .set({ state: 'closed', closed_at: at })
        .where('interaction_id', '=', interactionId)
        .where('state', '=', 'open')
        .execute();
    },
  };
}

function read(row: CasesTable): CaseRow {
  return {
    // These columns hold only what this module wrote, and the table's CHECKs hold the words.
    caseId: row.case_id as Id<'cse'>,
    caseType: row.case_type as CaseType,
    state: row.state as CaseRow['state'],
    interactionId: (row.interaction_id as Id<'int'> | null) ?? undefined,
    customerId: (row.customer_id as Id<'cus'> | null) ?? undefined,
    evidenceId: (row.evidence_id as Id<'evt'> | null) ?? undefined,
    openedAt: row.opened_at,
    closedAt: row.closed_at ?? undefined,
  };
}
