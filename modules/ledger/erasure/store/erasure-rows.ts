import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables, type ErasuresTable } from '../../store/tables.ts';
import { Plan } from '../domain/plan.ts';

/** How far an erasure has come. */
export type ErasureState = 'waiting' | 'declined' | 'approved' | 'recorded' | 'carried-out';

/** An erasure that was asked for. Every id was minted by Proofline. */
export interface ErasureRow extends Omit<
  ErasuresTable,
  'tenant' | 'plan' | 'state' | 'form' | 'erasure_id' | 'asked_evidence' | 'effect_evidence'
> {
  readonly erasure_id: Id<'ers'>;
  readonly plan: Plan;
  readonly state: ErasureState;
  readonly asked_evidence: Id<'evt'>;
  readonly effect_evidence: Id<'evt'> | null;
}

type Change = Partial<Omit<ErasuresTable, 'tenant' | 'erasure_id' | 'plan' | 'form'>>;

/** SQL of the table `ledger_erasures`. */
export function erasureRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('ledger_erasures').selectAll().where('tenant', '=', tenant);
  return {
    async insert(tx: Db, row: ErasureRow): Promise<void> {
      const { plan } = row;
      await tables(tx)
        .insertInto('ledger_erasures')
        .values({ ...row, tenant, form: plan.form, plan: JSON.stringify(plan) })
        .execute();
    },

    async find(db: Db, erasureId: string): Promise<ErasureRow | undefined> {
      const row = await from(db).where('erasure_id', '=', erasureId).executeTakeFirst();
      return row && read(row);
    },

    /** In these states, oldest first. */
    async inStates(db: Db, states: readonly ErasureState[], count: number): Promise<ErasureRow[]> {
      const rows = await from(db)
        .where('state', 'in', [...states])
        .orderBy('erasure_id')
        .limit(count)
        .execute();
      return rows.map(read);
    },

    /** Newest first. */
    async newest(db: Db, count: number): Promise<ErasureRow[]> {
      return (await from(db).orderBy('erasure_id', 'desc').limit(count).execute()).map(read);
    },

    /** From one state to the next; false when somebody else was there first. */
    async move(
      tx: Db,
      step: { readonly erasureId: string; readonly from: ErasureState; readonly to: Change },
    ): Promise<boolean> {
      const moved = await tables(tx)
        .updateTable('ledger_erasures')
        .set(step.to)
        .where('tenant', '=', tenant)
        .where('erasure_id', '=', step.erasureId)
        .where('state', '=', step.from)
        .executeTakeFirst();
      return moved.numUpdatedRows === 1n;
    },

    /** How often processes were told to forget; 0 before the first time. */
    async forgetting(db: Db): Promise<number> {
      const row = await tables(db)
        .selectFrom('ledger_forgetting')
        .select('number')
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      return row?.number ?? 0;
    },

    async tellToForget(tx: Db): Promise<void> {
      await tables(tx)
        .insertInto('ledger_forgetting')
        .values({ tenant, number: 1 })
        .onConflict((conflict) =>
          conflict.column('tenant').doUpdateSet(({ eb, ref }) => ({
            number: eb(ref('ledger_forgetting.number'), '+', 1),
          })),
        )
        .execute();
    },
  };
}

function read(row: ErasuresTable): ErasureRow {
  const { basis, asked_by, asked_at, answered_by, answered_at, answered_evidence } = row;
  return {
    basis,
    asked_by,
    asked_at,
    answered_by,
    answered_at,
    answered_evidence,
    told_at: row.told_at,
    carried_out_at: row.carried_out_at,
    // Written by `insert` and `move` only, and held by the table’s own checks.
    erasure_id: row.erasure_id as Id<'ers'>,
    plan: Plan.parse(row.plan),
    state: row.state as ErasureState,
    asked_evidence: row.asked_evidence as Id<'evt'>,
    effect_evidence: row.effect_evidence as Id<'evt'> | null,
  };
}
