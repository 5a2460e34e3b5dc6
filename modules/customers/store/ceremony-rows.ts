import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** A ceremony that was handed out. */
export interface CeremonyRow {
  readonly ceremonyId: Id<'cas'>;
  readonly kind:
    | 'registration'
    | 'sign-in'
    | 'application'
    | 'own-act'
    | 'own-registration'
    | 'sign-in-request';
  readonly challenge: string;
  readonly enrolmentId?: Id<'enr'> | undefined;
  /** What the challenge is over, as JSON. */
  readonly purpose?: string | undefined;
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
        .values({
          ...ceremony,
          tenant,
          enrolment_id: row.enrolmentId ?? null,
          session_id: null,
          purpose: row.purpose ?? null,
        })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'enrolment_id']).doUpdateSet(ceremony),
        )
        .execute();
    },

    /** A customer's own change: one is open per session, and a newer one takes its place. */
    async openOwn(
      db: Db,
      row: CeremonyRow & { readonly sessionId: Id<'ses'>; readonly purpose: string },
    ): Promise<void> {
      const ceremony = {
        ceremony_id: row.ceremonyId,
        kind: row.kind,
        challenge: row.challenge,
        purpose: row.purpose,
        expires_at: row.expiresAt,
        used_at: null,
      };
      await tables(db)
        .insertInto('customer_ceremonies')
        .values({ ...ceremony, tenant, enrolment_id: null, session_id: row.sessionId })
        .onConflict((conflict) => conflict.columns(['tenant', 'session_id']).doUpdateSet(ceremony))
        .execute();
    },

    /** Single use, by the session that it was opened in. */
    async takeOwn(
      db: Db,
      wanted: Pick<CeremonyRow, 'ceremonyId' | 'kind'> & {
        readonly sessionId: Id<'ses'>;
        readonly at: Date;
      },
    ): Promise<{ readonly challenge: string; readonly purpose: string } | undefined> {
      const row = await tables(db)
        .updateTable('customer_ceremonies')
        .set({ used_at: wanted.at })
        .where('tenant', '=', tenant)
        .where('ceremony_id', '=', wanted.ceremonyId)
        .where('kind', '=', wanted.kind)
        .where('session_id', '=', wanted.sessionId)
        .where('used_at', 'is', null)
        .where('expires_at', '>', wanted.at)
        .returning(['challenge', 'purpose'])
        .executeTakeFirst();
      return row && { challenge: row.challenge, purpose: row.purpose ?? '{}' };
    },

    /** Single use: the ceremony's challenge once, `undefined` ever after and when it is too late. */
    async take(
      db: Db,
      wanted: { ceremonyId: Id<'cas'>; kind: CeremonyRow['kind']; at: Date },
    ): Promise<
      { challenge: string; enrolmentId: string | undefined; purpose: string } | undefined
    > {
      const row = await tables(db)
        .updateTable('customer_ceremonies')
        .set({ used_at: wanted.at })
        .where('tenant', '=', tenant)
        .where('ceremony_id', '=', wanted.ceremonyId)
        .where('kind', '=', wanted.kind)
        .where('used_at', 'is', null)
        .where('expires_at', '>', wanted.at)
        .returning(['challenge', 'enrolment_id', 'purpose'])
        .executeTakeFirst();
      if (!row) return undefined;
      const { challenge, enrolment_id: enrolmentId, purpose } = row;
      return { challenge, enrolmentId: enrolmentId ?? undefined, purpose: purpose ?? '{}' };
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
