import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** A ceremony that was handed out. */
export interface CeremonyRow {
  readonly ceremonyId: Id<'cas'>;
  readonly kind: 'registration' | 'sign-in';
  readonly challenge: string;
  readonly enrolmentId?: Id<'enr'> | undefined;
  readonly expiresAt: Date;
}

/** SQL of the table `customer_ceremonies`. */
export function ceremonyRows(tenant: string) {
  return {
    /** Of registrations one is open per enrolment: a newer one takes its place. */
    async insert(db: Db, row: CeremonyRow): Promise<void> {
      const ceremony = {
        ceremony_id: row.ceremonyId,
        kind: row.kind,
        challenge: row.challenge,
        expires_at: row.expiresAt,
        used_at: null,
      };
      await tables(db)
        .insertInto('customer_ceremonies')
        .values({ ...ceremony, tenant, enrolment_id: row.enrolmentId ?? null })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'enrolment_id']).doUpdateSet(ceremony),
        )
        .execute();
    },

    /** Single use: the ceremony's challenge once, `undefined` ever after and when it is too late. */
    async take(
      db: Db,
      wanted: { ceremonyId: Id<'cas'>; kind: CeremonyRow['kind']; at: Date },
    ): Promise<{ challenge: string; enrolmentId: string | undefined } | undefined> {
      const row = await tables(db)
        .updateTable('customer_ceremonies')
        .set({ used_at: wanted.at })
        .where('tenant', '=', tenant)
        .where('ceremony_id', '=', wanted.ceremonyId)
        .where('kind', '=', wanted.kind)
        .where('used_at', 'is', null)
        .where('expires_at', '>', wanted.at)
        .returning(['challenge', 'enrolment_id'])
        .executeTakeFirst();
      return row && { challenge: row.challenge, enrolmentId: row.enrolment_id ?? undefined };
    },

    /** Ceremonies hold nothing worth keeping once their time is over. */
    async forgetBefore(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('customer_ceremonies')
        .where('tenant', '=', tenant)
        .where('expires_at', '<', before)
        .execute();
    },
  };
}
