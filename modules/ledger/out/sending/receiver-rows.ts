import type { Db, Migration } from '@proofline/storage';

/** How far one receiver has been sent the log. */
export interface ReceiverRow {
  tenant: string;
  name: string;
  /** Where it began. */
  start_index: number;
  /** The first index that it has not confirmed. */
  next_index: number;
  /** Who sends at the moment, and until when nobody else does. */
  lease: string | null;
  leased_until: Date | null;
  /** Tries since the last that went well. */
  attempts: number;
  next_attempt_at: Date;
  delivered_at: Date | null;
  failing_since: Date | null;
  fault: string | null;
  /** As the log was last told of it; absent before that, and when it is set no more. */
  settings: string | null;
}

type ReceiverTables = { ledger_receivers: ReceiverRow };

/** The table of the receivers. */
export const receiverMigrations: readonly Migration[] = [
  {
    id: 'ledger-o1',
    why:
      'How far each receiver has been sent the log: the log index is the cursor. One process at a time ' +
      'sends, by a lease that runs out: a process that dies delays its page, and loses none. The page ' +
      'is confirmed by whoever holds the lease, from exactly the index at which it began. `settings` is ' +
      'what the log was told of it, so that who is sent the log stands in the log.',
    sql: `
CREATE TABLE ledger_receivers (
  tenant text NOT NULL,
  name text NOT NULL,
  start_index bigint NOT NULL,
  next_index bigint NOT NULL,
  lease text,
  leased_until timestamptz,
  attempts integer NOT NULL,
  next_attempt_at timestamptz NOT NULL,
  delivered_at timestamptz,
  failing_since timestamptz,
  fault text,
  settings text,
  PRIMARY KEY (tenant, name)
)`,
    wall: { kept: { ledger_receivers: 'never-removed' } },
  },
];

/** A page that one process may send. */
export interface PageLease {
  readonly lease: string;
  readonly name: string;
  readonly start: number;
}

/** SQL of the table `ledger_receivers`. */
export function receiverRows(tenant: string) {
  const tables = (db: Db) => db.withTables<ReceiverTables>();
  const update = (db: Db, name: string) =>
    tables(db)
      .updateTable('ledger_receivers')
      .where('tenant', '=', tenant)
      .where('name', '=', name);
  const held = (db: Db, { lease, name, start }: PageLease) =>
    update(db, name).where('lease', '=', lease).where('next_index', '=', start);
  return {
    async find(db: Db, name: string): Promise<ReceiverRow | undefined> {
      return tables(db)
        .selectFrom('ledger_receivers')
        .selectAll()
        .where('tenant', '=', tenant)
        .where('name', '=', name)
        .executeTakeFirst();
    },

    async list(db: Db): Promise<ReceiverRow[]> {
      return tables(db)
        .selectFrom('ledger_receivers')
        .selectAll()
        .where('tenant', '=', tenant)
        .execute();
    },

    async setSettings(db: Db, name: string, settings: string | null): Promise<void> {
      await update(db, name).set({ settings }).execute();
    },

    /** Nothing, where another process was first. */
    async begin(db: Db, at: { readonly name: string; readonly index: number; readonly now: Date }) {
      const { name, index, now } = at;
      await tables(db)
        .insertInto('ledger_receivers')
        .values({
          tenant,
          name,
          start_index: index,
          next_index: index,
          lease: null,
          leased_until: null,
          attempts: 0,
          next_attempt_at: now,
          delivered_at: null,
          failing_since: null,
          fault: null,
          settings: null,
        })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    /** Takes the next page for this process; false where another one has it. */
    async lease(
      db: Db,
      page: PageLease,
      { now, until }: { readonly now: Date; readonly until: Date },
    ): Promise<boolean> {
      const taken = await update(db, page.name)
        .set({ lease: page.lease, leased_until: until })
        .where('next_index', '=', page.start)
        .where('next_attempt_at', '<=', now)
        .where(({ eb, or }) => or([eb('leased_until', 'is', null), eb('leased_until', '<', now)]))
        .executeTakeFirst();
      return taken.numUpdatedRows === 1n;
    },

    /** False where the lease has run out and somebody else has confirmed: then nothing moves. */
    async confirm(
      db: Db,
      page: PageLease,
      { end, now }: { readonly end: number; readonly now: Date },
    ): Promise<boolean> {
      const moved = await held(db, page)
        .set({
          next_index: end,
          lease: null,
          leased_until: null,
          attempts: 0,
          next_attempt_at: now,
          delivered_at: now,
          failing_since: null,
          fault: null,
        })
        .executeTakeFirst();
      return moved.numUpdatedRows === 1n;
    },

    async fail(
      db: Db,
      page: PageLease,
      said: { readonly fault: string; readonly now: Date; readonly next: Date },
    ): Promise<void> {
      await held(db, page)
        .set(({ eb, fn, val }) => ({
          lease: null,
          leased_until: null,
          fault: said.fault,
          next_attempt_at: said.next,
          attempts: eb('attempts', '+', 1),
          failing_since: fn.coalesce('failing_since', val(said.now)),
        }))
        .execute();
    },
  };
}
