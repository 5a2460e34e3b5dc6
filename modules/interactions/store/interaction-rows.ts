import { limits, type Id } from '@proofline/kernel';
import { readPage, toCondition, type Db, type Page, type SqlCondition } from '@proofline/storage';
import type { InteractionState } from '../domain/interaction-state.ts';
import { tables, type InteractionsTable } from './tables.ts';

/** A call, as read from its row. */
export interface InteractionRow {
  readonly interactionId: Id<'int'>;
  readonly channel: 'call' | 'chat' | 'video';
  readonly state: InteractionState;
  readonly agentId: Id<'stf'>;
  readonly desk: string;
  readonly caseId: Id<'cse'> | undefined;
  readonly wrongCodes: number;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  readonly evidenceId: Id<'evt'>;
  /** The latest entry that says how it ended. */
  readonly wrapUpEvidenceId: Id<'evt'> | undefined;
}

interface Listing {
  /** The rows that may be seen; `undefined`: every one. */
  readonly where: SqlCondition | undefined;
  readonly state: InteractionState | 'not-ended' | undefined;
}

/** SQL of the table `interactions`. */
export function interactionRows(tenant: string) {
  const from = (db: Db) =>
    tables(db).selectFrom('interactions').selectAll().where('tenant', '=', tenant);
  const update = (db: Db, id: Id<'int'>) =>
    tables(db)
      .updateTable('interactions')
      .where('tenant', '=', tenant)
      .where('interaction_id', '=', id);
  return {
    async insert(
      db: Db,
      row: Omit<InteractionsTable, 'tenant' | 'wrap_up_evidence_id'>,
    ): Promise<void> {
      await tables(db)
        .insertInto('interactions')
        .values({ ...row, tenant, wrap_up_evidence_id: null })
        .execute();
    },

    async find(db: Db, id: Id<'int'>): Promise<InteractionRow | undefined> {
      const row = await from(db).where('interaction_id', '=', id).executeTakeFirst();
      return row && read(row);
    },

    /** One of those that may be seen; any other and none look alike. */
    async findSeen(
      db: Db,
      id: Id<'int'>,
      where: SqlCondition | undefined,
    ): Promise<InteractionRow | undefined> {
      let query = from(db).where('interaction_id', '=', id);
      if (where) query = query.where(toCondition(where));
      const row = await query.executeTakeFirst();
      return row && read(row);
    },

    /** Until the end of the transaction nobody else changes it. */
    async hold(tx: Db, id: Id<'int'>): Promise<InteractionRow | undefined> {
      const row = await from(tx).where('interaction_id', '=', id).forUpdate().executeTakeFirst();
      return row && read(row);
    },

    async noteWrapUp(tx: Db, id: Id<'int'>, evidenceId: Id<'evt'>): Promise<void> {
      await update(tx, id).set({ wrap_up_evidence_id: evidenceId }).execute();
    },

    async findByExternalId(db: Db, externalId: string): Promise<InteractionRow | undefined> {
      const row = await from(db).where('external_id', '=', externalId).executeTakeFirst();
      return row && read(row);
    },

    async list(db: Db, wanted: Listing): Promise<Page<InteractionRow>> {
      let query = from(db).orderBy('started_at', 'desc');
      if (wanted.where) query = query.where(toCondition(wanted.where));
      if (wanted.state === 'not-ended') query = query.where('state', '<>', 'ended');
      else if (wanted.state) query = query.where('state', '=', wanted.state);
      const { rows, total } = await readPage(db, query, limits.pageMaxItems);
      return { rows: rows.map(read), total };
    },

    /** How many calls that have not ended each agent has. */
    async countOpen(db: Db): Promise<ReadonlyMap<string, number>> {
      const rows = await tables(db)
        .selectFrom('interactions')
        .select('agent_id')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('tenant', '=', tenant)
        .where('state', '<>', 'ended')
        .groupBy('agent_id')
        .execute();
      return new Map(rows.map((row) => [row.agent_id, Number(row.count)]));
    },

    /** The agent has begun to act on the call, for this case. */
    async goLive(db: Db, id: Id<'int'>, caseId: Id<'cse'>): Promise<void> {
      await update(db, id)
        .set({ state: 'live', case_id: caseId })
        .where('state', '<>', 'ended')
        .execute();
    },

    async countWrongCode(db: Db, interaction: InteractionRow): Promise<void> {
      await update(db, interaction.interactionId)
        .set({ wrong_codes: interaction.wrongCodes + 1 })
        .execute();
    },

    /** True exactly once. */
    async end(db: Db, id: Id<'int'>, at: Date): Promise<boolean> {
      const result = await update(db, id)
        .set({ state: 'ended', ended_at: at })
        .where('state', '<>', 'ended')
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },
  };
}

function read(row: InteractionsTable): InteractionRow {
  return {
    // These columns hold only what this module wrote, and the table's CHECKs hold the words.
    interactionId: row.interaction_id as Id<'int'>,
    channel: row.channel as InteractionRow['channel'],
    state: row.state as InteractionState,
    agentId: row.agent_id as Id<'stf'>,
    caseId: (row.case_id as Id<'cse'> | null) ?? undefined,
    evidenceId: row.evidence_id as Id<'evt'>,
    wrapUpEvidenceId: (row.wrap_up_evidence_id as Id<'evt'> | null) ?? undefined,
    desk: row.desk,
    wrongCodes: row.wrong_codes,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
  };
}
