import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from '../../store/tables.ts';

/** What a directory changed, or was refused: for the screen. */
export interface EventRow {
  /** Its entry in the evidence. */
  readonly eventId: Id<'evt'>;
  /** The connection, or the configured program. */
  readonly connectionId: string;
  readonly at: Date;
  /** An evidence kind. */
  readonly kind: string;
  /** Whom or what it is about: an id of ours. */
  readonly about: string | undefined;
  /** Why it was refused: a problem’s code. */
  readonly because: string | undefined;
}

const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** SQL of the table `scim_events`. */
export function eventRows(tenant: string) {
  return {
    /** Notes one, and forgets those that no screen shows any more. */
    async record(db: Db, event: EventRow): Promise<void> {
      const { about, at, because, connectionId, eventId, kind } = event;
      await tables(db)
        .deleteFrom('scim_events')
        .where('tenant', '=', tenant)
        .where('at', '<', new Date(at.getTime() - KEPT_MS))
        .execute();
      const values = {
        tenant,
        event_id: eventId,
        connection_id: connectionId,
        at,
        kind,
        about: about ?? null,
        because: because ?? null,
      };
      await tables(db).insertInto('scim_events').values(values).execute();
    },

    async newest(db: Db, limit: number): Promise<EventRow[]> {
      const rows = await tables(db)
        .selectFrom('scim_events')
        .selectAll()
        .where('tenant', '=', tenant)
        .orderBy('at', 'desc')
        .orderBy('event_id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        // This column holds only what this module wrote: ids of this kind.
        eventId: row.event_id as Id<'evt'>,
        connectionId: row.connection_id,
        at: row.at,
        kind: row.kind,
        about: row.about ?? undefined,
        because: row.because ?? undefined,
      }));
    },
  };
}
