import { among, type Db } from '@proofline/storage';
import { sql } from 'kysely';
import { withinLog } from './within-log.ts';

/** Entries that begin a story of their own: what came of them is not what came of that which led to them. */
const OTHER_STORIES = ['session.started', 'session.refused', 'application.signed-in'];

/** How often something stands in some entries. */
export interface Counted {
  readonly role: string;
  readonly value: string;
  readonly count: number;
}

/** Acts of some entries, counted. */
export interface CountedAct {
  readonly kind: string;
  readonly action: string | null;
  readonly outcome: string | null;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
}

/** SQL over the index and the facets for what something reached. */
export function reachRows(tenant: string) {
  return {
    /** The places of what these entries led to directly. */
    async consequences(db: Db, places: readonly number[], count: number): Promise<number[]> {
      const { rows } = await sql<{ idx: number }>`
        select distinct c.idx from ledger_refs e
        join ledger_refs c on c.tenant = e.tenant and c.value = e.value and c.role = 'cause'
        join ledger_facets f on f.tenant = c.tenant and f.idx = c.idx
        where e.tenant = ${tenant} and e.role = 'entry' and ${among('e.idx', 'bigint', places)}
        and ${withinLog(tenant, 'f.idx')} and not ${among('f.kind', 'text', OTHER_STORIES)}
        limit ${count}`.execute(db);
      return rows.map(({ idx }) => idx);
    },

    async acts(db: Db, places: readonly number[]): Promise<readonly CountedAct[]> {
      const { rows } = await sql<CountedAct>`
        select kind, action, outcome, count(*) as count, min(at) as first, max(at) as last
        from ledger_facets where tenant = ${tenant} and ${among('idx', 'bigint', places)}
        group by kind, action, outcome order by count(*) desc, kind, action, outcome`.execute(db);
      return rows;
    },

    async named(db: Db, places: readonly number[], count: number): Promise<readonly Counted[]> {
      const { rows } = await sql<Counted>`
        select role, value, count(*) as count
        from ledger_refs where tenant = ${tenant} and ${among('idx', 'bigint', places)}
        and role <> 'entry' and role <> 'cause' and role <> 'ref:decisionId' and role <> 'ref:permitId'
        group by role, value order by count(*) desc, role, value limit ${count}`.execute(db);
      return rows;
    },

    async fields(
      db: Db,
      places: readonly number[],
    ): Promise<readonly { shown: string | null; masked: string | null; count: number }[]> {
      const { rows } = await sql<{ shown: string | null; masked: string | null; count: number }>`
        select shown, masked, count(*) as count
        from ledger_facets where tenant = ${tenant} and ${among('idx', 'bigint', places)}
        and kind = 'request.completed' and outcome = 'completed'
        group by shown, masked`.execute(db);
      return rows;
    },
  };
}
