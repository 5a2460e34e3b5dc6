import type { Id } from '@proofline/kernel';
import type { Acr, CaseType } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tables, type ProofsTable } from './tables.ts';

/** A bound proof, as read from its row. */
export interface ProofRow {
  readonly proofId: Id<'prf'>;
  readonly interactionId: Id<'int'>;
  readonly caseId: Id<'cse'>;
  readonly customerId: Id<'cus'>;
  readonly acr: Acr;
  readonly purpose: CaseType;
  readonly boundAt: Date;
  readonly evidenceId: Id<'evt'>;
}

/** That there was a proof, and until when; not whose. */
export interface EndedProof {
  readonly boundAt: Date;
  readonly endedAt: Date;
}

/** SQL of the table `proofs`. */
export function proofRows(tenant: string) {
  const live = (db: Db) =>
    tables(db)
      .selectFrom('proofs')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('ended_at', 'is', null)
      .orderBy('bound_at', 'desc')
      .orderBy('proof_id', 'desc');
  return {
    async insert(db: Db, row: Omit<ProofsTable, 'tenant'>): Promise<void> {
      await tables(db)
        .insertInto('proofs')
        .values({ ...row, tenant })
        .execute();
    },

    /** The call's living proofs, the freshest first. */
    async listLive(db: Db, interactionId: Id<'int'>): Promise<ProofRow[]> {
      const rows = await live(db).where('interaction_id', '=', interactionId).execute();
      return rows.map(read);
    },

    /** The customer's living proofs that rest on a passkey, or of which it is not known. */
    async listLiveOn(
      db: Db,
      of: { readonly customerId: Id<'cus'>; readonly authenticatorId: Id<'ath'> },
    ): Promise<ProofRow[]> {
      const rows = await live(db)
        .where('customer_id', '=', of.customerId)
        .where((where) =>
          where.or([
            where('authenticator_id', '=', of.authenticatorId),
            where('authenticator_id', 'is', null),
          ]),
        )
        .execute();
      return rows.map(read);
    },

    /** Which of these calls have a living proof. */
    async listProvedCalls(db: Db, calls: readonly Id<'int'>[]): Promise<ReadonlySet<string>> {
      if (calls.length === 0) return new Set();
      const rows = await live(db).where('interaction_id', 'in', calls).execute();
      return new Set(rows.map((row) => row.interaction_id));
    },

    /** The latest proof of each of these calls on which nothing lives any more. */
    async listEndedOf(
      db: Db,
      calls: readonly Id<'int'>[],
    ): Promise<ReadonlyMap<string, EndedProof>> {
      if (calls.length === 0) return new Map();
      const rows = await tables(db)
        .selectFrom('proofs')
        .select(['interaction_id', 'bound_at', 'ended_at'])
        .where('tenant', '=', tenant)
        .where('interaction_id', 'in', calls)
        .where('ended_at', 'is not', null)
        .orderBy('bound_at')
        .execute();
      return new Map(
        rows.flatMap(({ interaction_id: call, bound_at: boundAt, ended_at: endedAt }) =>
          endedAt ? [[call, { boundAt, endedAt }] as const] : [],
        ),
      );
    },

    async end(db: Db, proofs: readonly Id<'prf'>[], at: Date): Promise<void> {
      if (proofs.length === 0) return;
      await tables(db)
        .updateTable('proofs')
        .set({ ended_at: at })
        .where('tenant', '=', tenant)
        .where('proof_id', 'in', proofs)
        .where('ended_at', 'is', null)
        .execute();
    },
  };
}

function read(row: ProofsTable): ProofRow {
  return {
    // These columns hold only what this module wrote, and the table's CHECKs hold the words.
    proofId: row.proof_id as Id<'prf'>,
    interactionId: row.interaction_id as Id<'int'>,
    caseId: row.case_id as Id<'cse'>,
    customerId: row.customer_id as Id<'cus'>,
    acr: row.acr as Acr,
    purpose: row.purpose as CaseType,
    evidenceId: row.evidence_id as Id<'evt'>,
    boundAt: row.bound_at,
  };
}
