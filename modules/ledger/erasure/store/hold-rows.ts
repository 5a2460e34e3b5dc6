import type { Id } from '@proofline/kernel';
import type { HoldReason } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tables, type HoldsTable } from '../../store/tables.ts';
import { HeldScope } from '../domain/plan.ts';

/** As many may stand at once: every erasure asks each of them. */
export const HOLDS_MAX = 200;

/** A legal hold. Every id was minted by Proofline. */
export interface HoldRow extends Omit<
  HoldsTable,
  'tenant' | 'scope' | 'hold_id' | 'reason_code' | 'placed_evidence'
> {
  readonly hold_id: Id<'hld'>;
  readonly scope: HeldScope;
  readonly reason_code: HoldReason;
  readonly placed_evidence: Id<'evt'>;
}

/** Personal fields that a hold keeps. */
export interface HeldFields {
  readonly subject: string;
  readonly retention: string;
  readonly month: string;
}

/** SQL of the table `ledger_holds`, and what a hold touches. */
export function holdRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('ledger_holds').selectAll().where('tenant', '=', tenant);
  return {
    async insert(tx: Db, row: HoldRow): Promise<void> {
      await tables(tx)
        .insertInto('ledger_holds')
        .values({ ...row, tenant, scope: JSON.stringify(row.scope) })
        .execute();
    },

    async find(db: Db, holdId: string): Promise<HoldRow | undefined> {
      const row = await from(db).where('hold_id', '=', holdId).executeTakeFirst();
      return row && read(row);
    },

    /** Those that were lifted too. Without a limit: many that were made up would hide the others. */
    async all(db: Db): Promise<HoldRow[]> {
      return (await from(db).orderBy('hold_id').execute()).map(read);
    },

    /** Newest first. */
    async newest(db: Db, count: number): Promise<HoldRow[]> {
      return (await from(db).orderBy('hold_id', 'desc').limit(count).execute()).map(read);
    },

    /** False when somebody lifted it since it was found. */
    async lift(
      tx: Db,
      { hold_id: holdId, lifted_evidence: evidenceId }: HoldRow,
      by: Pick<HoldRow, 'lifted_by' | 'lifted_at' | 'lifted_evidence'>,
    ): Promise<boolean> {
      const lifted = await tables(tx)
        .updateTable('ledger_holds')
        .set(by)
        .where('tenant', '=', tenant)
        .where('hold_id', '=', holdId)
        .where('lifted_evidence', 'is not distinct from', evidenceId)
        .executeTakeFirst();
      return lifted.numUpdatedRows === 1n;
    },

    /** The keys of personal fields of the entries that a hold covers. */
    async fieldsOf(db: Db, scope: HeldScope): Promise<HeldFields[]> {
      let rows = tables(db)
        .selectFrom('ledger_disclosures as d')
        .select(['d.subject', 'd.retention', 'd.month'])
        .distinct()
        .where('d.tenant', '=', tenant);
      if (scope.kind === 'subject') rows = rows.where('d.subject', '=', scope.pseudonym);
      else {
        const covered = entriesOf(db, scope).select('evidence_id');
        rows = rows.where('d.evidence_id', 'in', covered);
      }
      return rows.execute();
    },

    /**
     * Whether entries that a hold on a case or a range covers name somebody, in whatever part they had:
     * without the pseudonym nobody could tell any more who that was.
     */
    async names(db: Db, scope: HeldScope, pseudonym: string): Promise<boolean> {
      if (scope.kind === 'subject') return false;
      const found = await tables(db)
        .selectFrom('ledger_refs')
        .select('idx')
        .where('tenant', '=', tenant)
        .where('value', '=', pseudonym)
        .where('idx', 'in', entriesOf(db, scope).select('idx'))
        .limit(1)
        .execute();
      return found.length > 0;
    },

    /** Whether a hold covers any entry of a stretch. */
    async covers(
      db: Db,
      scope: HeldScope,
      { start, end }: { readonly start: number; readonly end: number },
    ): Promise<boolean> {
      const found = await entriesOf(db, scope)
        .select('idx')
        .where('idx', '>=', start)
        .where('idx', '<', end)
        .limit(1)
        .execute();
      return found.length > 0;
    },
  };

  /** The entries that a hold covers, as far as they are there. */
  function entriesOf(db: Db, scope: HeldScope) {
    const entries = tables(db).selectFrom('ledger_entries').where('tenant', '=', tenant);
    if (scope.kind === 'range') {
      return entries.where('idx', '>=', scope.start).where('idx', '<', scope.end);
    }
    const value = scope.kind === 'case' ? scope.caseId : scope.pseudonym;
    const named = tables(db)
      .selectFrom('ledger_refs')
      .select('idx')
      .where('tenant', '=', tenant)
      .where('value', '=', value);
    if (scope.kind === 'case') return entries.where('idx', 'in', named);
    const sealed = tables(db)
      .selectFrom('ledger_disclosures')
      .select('evidence_id')
      .where('tenant', '=', tenant)
      .where('subject', '=', value);
    return entries.where(({ or, eb }) =>
      or([eb('idx', 'in', named), eb('evidence_id', 'in', sealed)]),
    );
  }
}

function read(row: HoldsTable): HoldRow {
  const { placed_by, placed_at, lifted_by, lifted_at, lifted_evidence } = row;
  return {
    placed_by,
    placed_at,
    lifted_by,
    lifted_at,
    lifted_evidence,
    // Written by `insert` only.
    hold_id: row.hold_id as Id<'hld'>,
    scope: HeldScope.parse(row.scope),
    reason_code: row.reason_code as HoldReason,
    placed_evidence: row.placed_evidence as Id<'evt'>,
  };
}
