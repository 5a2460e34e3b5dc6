import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** A ceremony that was handed out. */
export interface CeremonyRow {
  readonly ceremonyId: Id<'cas'>;
  readonly kind: 'registration' | 'sign-in' | 'own-act' | 'own-registration' | 'sign-in-request';
  /** The invitation, the OIDC interaction, or the session, that it is for. */
  readonly boundTo: string;
  /** The subject who alone may answer, when that is known. */
  readonly subjectId: Id<'stf'> | undefined;
  readonly challenge: string;
  /** JSON: the change that is to be made. */
  readonly purpose?: string | undefined;
  readonly expiresAt: Date;
}

/** SQL of the table `workforce_ceremonies`. */
export function ceremonyRows(tenant: string) {
  const forget = (db: Db) =>
    tables(db).deleteFrom('workforce_ceremonies').where('tenant', '=', tenant);
  return {
    /** One is open per invitation, sign-in or session: a newer one takes its place. */
    async replace(db: Db, row: CeremonyRow): Promise<void> {
      const place = { tenant, kind: row.kind, bound_to: row.boundTo };
      const ceremony = {
        ceremony_id: row.ceremonyId,
        subject_id: row.subjectId ?? null,
        challenge: row.challenge,
        purpose: row.purpose ?? null,
        expires_at: row.expiresAt,
        used_at: null,
      };
      // In one statement: of two that begin at once, the later one's place is the one that is kept.
      await tables(db)
        .insertInto('workforce_ceremonies')
        .values({ ...place, ...ceremony })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'kind', 'bound_to']).doUpdateSet(ceremony),
        )
        .execute();
    },

    /** Single use: the ceremony once, `undefined` ever after, elsewhere, and when it is too late. */
    async take(
      db: Db,
      wanted: Pick<CeremonyRow, 'ceremonyId' | 'kind' | 'boundTo'> & { readonly at: Date },
    ): Promise<Pick<CeremonyRow, 'challenge' | 'subjectId' | 'purpose'> | undefined> {
      const row = await tables(db)
        .updateTable('workforce_ceremonies')
        .set({ used_at: wanted.at })
        .where('tenant', '=', tenant)
        .where('ceremony_id', '=', wanted.ceremonyId)
        .where('kind', '=', wanted.kind)
        .where('bound_to', '=', wanted.boundTo)
        .where('used_at', 'is', null)
        .where('expires_at', '>', wanted.at)
        .returning(['challenge', 'subject_id', 'purpose'])
        .executeTakeFirst();
      if (!row) return undefined;
      // This column holds only what this module wrote: ids of this kind.
      const subjectId = (row.subject_id ?? undefined) as Id<'stf'> | undefined;
      return { challenge: row.challenge, subjectId, purpose: row.purpose ?? undefined };
    },

    /** Ceremonies hold nothing worth keeping once their time is over. */
    async forgetBefore(db: Db, before: Date): Promise<void> {
      await forget(db).where('expires_at', '<', before).execute();
    },
  };
}
