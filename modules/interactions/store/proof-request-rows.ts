import type { Id } from '@proofline/kernel';
import type { CaseType } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Flow } from '../domain/check.ts';
import type { ProofRequestEnd, ProofRequestState } from '../domain/proof-request-state.ts';
import { tables, type ProofRequestsTable } from './tables.ts';

/** A request for proof, as read from its row. */
export interface ProofRequestRow {
  readonly proofRequestId: Id<'prq'>;
  readonly interactionId: Id<'int'>;
  readonly caseId: Id<'cse'>;
  readonly agentId: Id<'stf'>;
  /** `undefined`: the request went to nobody. */
  readonly customerId: Id<'cus'> | undefined;
  readonly startedBy: Flow;
  readonly purpose: CaseType;
  readonly state: ProofRequestState;
  readonly because: string | null;
  readonly matchingNumber: string | null;
  /** Of the link's secret; `null` when the customer started: then there is no message. */
  readonly linkDigest: string | null;
  /** RFC 8785 text; its SHA-256 is what the passkey signs. */
  readonly context: string;
  readonly ceremonyId: string | null;
  readonly expiresAt: Date;
  readonly evidenceId: Id<'evt'>;
}

/** After this many answers that came too late, no more of them are recorded. */
const LATE_ATTEMPTS_MAX = 5;
const SWEEP_BATCH_MAX = 100;

interface Asked {
  readonly customerId?: Id<'cus'> | undefined;
  readonly interactionId?: Id<'int'>;
  readonly by?: { readonly agentId: Id<'stf'>; readonly accountDigest: string };
  readonly startedBy?: Flow;
  readonly since?: Date;
}

/** SQL of the table `proof_requests`. */
export function proofRequestRows(tenant: string) {
  return { ...reads(tenant), ...changes(tenant) };
}

function reads(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('proof_requests').selectAll().where('tenant', '=', tenant);
  return {
    async find(db: Db, id: Id<'prq'>): Promise<ProofRequestRow | undefined> {
      const row = await from(db).where('proof_request_id', '=', id).executeTakeFirst();
      return row && read(row);
    },

    async findLatestOfCall(db: Db, interactionId: Id<'int'>): Promise<ProofRequestRow | undefined> {
      const row = await from(db)
        .where('interaction_id', '=', interactionId)
        .orderBy('requested_at', 'desc')
        .orderBy('proof_request_id', 'desc')
        .executeTakeFirst();
      return row && read(row);
    },

    async findOpenOfCall(db: Db, interactionId: Id<'int'>): Promise<ProofRequestRow | undefined> {
      const row = await from(db)
        .where('interaction_id', '=', interactionId)
        .where('state', '=', 'open')
        .executeTakeFirst();
      return row && read(row);
    },

    async findOpenOfCustomer(db: Db, customerId: Id<'cus'>): Promise<ProofRequestRow | undefined> {
      const row = await from(db)
        .where('customer_id', '=', customerId)
        .where('state', '=', 'open')
        .executeTakeFirst();
      return row && read(row);
    },

    async listExpired(db: Db, at: Date): Promise<ProofRequestRow[]> {
      const rows = await from(db)
        .where('state', '=', 'open')
        .where('expires_at', '<=', at)
        .limit(SWEEP_BATCH_MAX)
        .execute();
      return rows.map(read);
    },

    async count(db: Db, asked: Asked): Promise<number> {
      let query = tables(db)
        .selectFrom('proof_requests')
        .select((select) => select.fn.countAll().as('count'))
        .where('tenant', '=', tenant);
      if (asked.customerId) query = query.where('customer_id', '=', asked.customerId);
      if (asked.interactionId) query = query.where('interaction_id', '=', asked.interactionId);
      if (asked.startedBy) query = query.where('started_by', '=', asked.startedBy);
      if (asked.since) query = query.where('requested_at', '>', asked.since);
      if (asked.by) {
        query = query
          .where('agent_id', '=', asked.by.agentId)
          .where('account_digest', '=', asked.by.accountDigest);
      }
      return Number((await query.executeTakeFirstOrThrow()).count);
    },
  };
}

function changes(tenant: string) {
  const update = (db: Db, id: Id<'prq'>) =>
    tables(db)
      .updateTable('proof_requests')
      .where('tenant', '=', tenant)
      .where('proof_request_id', '=', id);
  return {
    async insert(db: Db, row: Omit<ProofRequestsTable, 'tenant'>): Promise<void> {
      await tables(db)
        .insertInto('proof_requests')
        .values({ ...row, tenant })
        .execute();
    },

    /** Only the latest prompt may be answered. */
    async setCeremony(db: Db, id: Id<'prq'>, ceremonyId: Id<'cas'>): Promise<void> {
      await update(db, id).set({ ceremony_id: ceremonyId }).where('state', '=', 'open').execute();
    },

    /** True exactly once in a request's life: whatever ends it first is its outcome. */
    async close(
      db: Db,
      id: Id<'prq'>,
      as: { state: ProofRequestEnd; because: string; at: Date },
    ): Promise<boolean> {
      const result = await update(db, id)
        .set({ state: as.state, because: as.because, closed_at: as.at })
        .where('state', '=', 'open')
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    /** Whether one more late answer is worth an entry: whoever has its key cannot fill the log. */
    async countLateAttempt(db: Db, id: Id<'prq'>): Promise<boolean> {
      const result = await update(db, id)
        .set((row) => ({ late_attempts: row('late_attempts', '+', 1) }))
        .where('late_attempts', '<', LATE_ATTEMPTS_MAX)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function read(row: ProofRequestsTable): ProofRequestRow {
  return {
    // These columns hold only what this module wrote, and the table's CHECKs hold the words.
    proofRequestId: row.proof_request_id as Id<'prq'>,
    interactionId: row.interaction_id as Id<'int'>,
    caseId: row.case_id as Id<'cse'>,
    agentId: row.agent_id as Id<'stf'>,
    customerId: (row.customer_id as Id<'cus'> | null) ?? undefined,
    startedBy: row.started_by as Flow,
    purpose: row.purpose as CaseType,
    state: row.state as ProofRequestState,
    evidenceId: row.evidence_id as Id<'evt'>,
    because: row.because,
    matchingNumber: row.matching_number,
    linkDigest: row.link_digest,
    context: row.context,
    ceremonyId: row.ceremony_id,
    expiresAt: row.expires_at,
  };
}
