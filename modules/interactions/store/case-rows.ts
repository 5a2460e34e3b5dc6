import { limits, type Id } from '@proofline/kernel';
import type { CaseType } from '@proofline/protocol';
import { readPage, toCondition, type Db, type Page, type SqlCondition } from '@proofline/storage';
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
  /** The rows that may be seen, of `cases` and their `call`; `undefined`: every one. */
  readonly where: SqlCondition | undefined;
  readonly state: 'open' | 'closed' | undefined;
  readonly caseType: CaseType | undefined;
}

/** SQL of the table `cases`. */
export function caseRows(tenant: string) {
  const from = (db: Db) => tables(db).selectFrom('cases').selectAll().where('tenant', '=', tenant);
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

    /** With the call of each, for the condition. */
    async list(db: Db, wanted: Listing): Promise<Page<CaseRow>> {
      let query = tables(db)
        .selectFrom('cases')
        .leftJoin('interactions as call', (join) =>
          join
            .onRef('call.tenant', '=', 'cases.tenant')
            .onRef('call.interaction_id', '=', 'cases.interaction_id'),
        )
        .selectAll('cases')
        .where('cases.tenant', '=', tenant)
        .orderBy('cases.opened_at', 'desc');
      if (wanted.where) query = query.where(toCondition(wanted.where));
      if (wanted.state) query = query.where('cases.state', '=', wanted.state);
      if (wanted.caseType) query = query.where('cases.case_type', '=', wanted.caseType);
      const { rows, total } = await readPage(db, query, limits.pageMaxItems);
      return { rows: rows.map(read), total };
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
