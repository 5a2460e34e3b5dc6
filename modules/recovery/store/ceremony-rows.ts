import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** A ceremony that was handed out: for a recovery, or for what one lays by. */
export interface CeremonyRow {
  readonly ceremonyId: Id<'cas'>;
  readonly kind: 'vouch' | 'registration' | 'own-act';
  /** The voucher’s session, or the browser of the subject. */
  readonly boundTo: string;
  readonly recoveryId: Id<'rcv'> | undefined;
  readonly challenge: string;
  /** What is signed. */
  readonly context: string | undefined;
  readonly expiresAt: Date;
}

/** SQL of the table `recovery_ceremonies`. */
export function ceremonyRows(tenant: string) {
  return {
    async begin(db: Db, row: CeremonyRow): Promise<void> {
      await tables(db)
        .insertInto('recovery_ceremonies')
        .values({
          tenant,
          ceremony_id: row.ceremonyId,
          kind: row.kind,
          bound_to: row.boundTo,
          recovery_id: row.recoveryId ?? null,
          challenge: row.challenge,
          context: row.context ?? null,
          expires_at: row.expiresAt,
          used_at: null,
        })
        .execute();
    },

    /** Single use: the ceremony once, `undefined` ever after, elsewhere, and when it is too late. */
    async take(
      db: Db,
      wanted: Pick<CeremonyRow, 'ceremonyId' | 'kind' | 'boundTo'> & { readonly at: Date },
    ): Promise<Pick<CeremonyRow, 'challenge' | 'context' | 'recoveryId'> | undefined> {
      const row = await tables(db)
        .updateTable('recovery_ceremonies')
        .set({ used_at: wanted.at })
        .where('tenant', '=', tenant)
        .where('ceremony_id', '=', wanted.ceremonyId)
        .where('kind', '=', wanted.kind)
        .where('bound_to', '=', wanted.boundTo)
        .where('used_at', 'is', null)
        .where('expires_at', '>', wanted.at)
        .returning(['challenge', 'context', 'recovery_id'])
        .executeTakeFirst();
      if (!row) return undefined;
      return {
        challenge: row.challenge,
        context: row.context ?? undefined,
        // This column holds only what this module wrote: ids of this kind.
        recoveryId: (row.recovery_id ?? undefined) as Id<'rcv'> | undefined,
      };
    },

    /** Ceremonies hold nothing worth keeping once their time is over. */
    async forgetBefore(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('recovery_ceremonies')
        .where('tenant', '=', tenant)
        .where('expires_at', '<', before)
        .execute();
    },
  };
}
