import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** SQL of what passes: links, tries, and the latest time that was seen. */
export function passingRows(tenant: string) {
  return {
    async addLink(db: Db, link: { secretDigest: string; recoveryId: Id<'rcv'> }): Promise<void> {
      const { recoveryId: recovery_id, secretDigest: secret_digest } = link;
      await tables(db)
        .insertInto('recovery_cancel_links')
        .values({ tenant, secret_digest, recovery_id })
        .execute();
    },

    async recoveryOfLink(db: Db, secretDigest: string): Promise<Id<'rcv'> | undefined> {
      const row = await tables(db)
        .selectFrom('recovery_cancel_links')
        .select('recovery_id')
        .where('tenant', '=', tenant)
        .where('secret_digest', '=', secretDigest)
        .executeTakeFirst();
      // This column holds only what this module wrote: ids of this kind.
      return row?.recovery_id as Id<'rcv'> | undefined;
    },

    async countTries(db: Db, key: string, since: Date): Promise<number> {
      const rows = await tables(db)
        .selectFrom('recovery_attempts')
        .select('attempt_id')
        .where('tenant', '=', tenant)
        .where('key', '=', key)
        .where('at', '>', since)
        .limit(100)
        .execute();
      return rows.length;
    },

    async noteTry(db: Db, tried: { attemptId: Id<'req'>; key: string; at: Date }): Promise<void> {
      const { attemptId: attempt_id, ...rest } = tried;
      await tables(db)
        .insertInto('recovery_attempts')
        .values({ tenant, attempt_id, ...rest })
        .execute();
    },

    async seenAt(db: Db): Promise<Date | undefined> {
      const row = await tables(db)
        .selectFrom('recovery_clock')
        .select('seen_at')
        .where('tenant', '=', tenant)
        .executeTakeFirst();
      return row?.seen_at;
    },

    /** Only ever forward. */
    async see(db: Db, at: Date): Promise<void> {
      await tables(db)
        .insertInto('recovery_clock')
        .values({ tenant, seen_at: at })
        .onConflict((conflict) =>
          conflict
            .columns(['tenant'])
            .doUpdateSet({ seen_at: at })
            .where('recovery_clock.seen_at', '<', at),
        )
        .execute();
    },

    /** Tries hold nothing worth keeping once their time is over. */
    async forgetBefore(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('recovery_attempts')
        .where('tenant', '=', tenant)
        .where('at', '<', before)
        .execute();
    },
  };
}
