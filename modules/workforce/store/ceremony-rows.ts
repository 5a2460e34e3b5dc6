import type { Id } from '@proofline/kernel';
import { compileOnce, type Db } from '@proofline/storage';
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

type Wanted = Pick<CeremonyRow, 'ceremonyId' | 'kind' | 'boundTo'> & { readonly at: Date };

type Replaced = Omit<CeremonyRow, 'subjectId' | 'purpose'> & {
  readonly subjectId: Id<'stf'> | null;
  readonly purpose: string | null;
};

/** SQL of the table `workforce_ceremonies`. */
export function ceremonyRows(tenant: string) {
  const forget = (db: Db) =>
    tables(db).deleteFrom('workforce_ceremonies').where('tenant', '=', tenant);
  // In one statement: of two that begin at once, the later one's place is the one that is kept.
  const replace = compileOnce((db: Db, row: Replaced) => {
    const ceremony = {
      ceremony_id: row.ceremonyId,
      subject_id: row.subjectId,
      challenge: row.challenge,
      purpose: row.purpose,
      expires_at: row.expiresAt,
      used_at: null,
    };
    return tables(db)
      .insertInto('workforce_ceremonies')
      .values({ tenant, kind: row.kind, bound_to: row.boundTo, ...ceremony })
      .onConflict((conflict) =>
        conflict.columns(['tenant', 'kind', 'bound_to']).doUpdateSet(ceremony),
      );
  });
  const take = compileOnce((db: Db, { at, boundTo, ceremonyId, kind }: Wanted) =>
    tables(db)
      .updateTable('workforce_ceremonies')
      .set({ used_at: at })
      .where('tenant', '=', tenant)
      .where('ceremony_id', '=', ceremonyId)
      .where('kind', '=', kind)
      .where('bound_to', '=', boundTo)
      .where('used_at', 'is', null)
      .where('expires_at', '>', at)
      .returning(['challenge', 'subject_id', 'purpose']),
  );
  return {
    /** One is open per invitation, sign-in or session: a newer one takes its place. */
    async replace(db: Db, row: CeremonyRow): Promise<void> {
      const { boundTo, ceremonyId, challenge, expiresAt, kind } = row;
      const subjectId = row.subjectId ?? null;
      const purpose = row.purpose ?? null;
      await replace(db, { boundTo, ceremonyId, challenge, expiresAt, kind, purpose, subjectId });
    },

    /** Single use: the ceremony once, `undefined` ever after, elsewhere, and when it is too late. */
    async take(
      db: Db,
      wanted: Wanted,
    ): Promise<Pick<CeremonyRow, 'challenge' | 'subjectId' | 'purpose'> | undefined> {
      const [row] = (await take(db, wanted)).rows;
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
