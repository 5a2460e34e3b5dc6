import type { Db } from '@proofline/storage';
import type { SubjectId } from '../domain/subjects.ts';
import { tables } from './tables.ts';

/** An invitation to become somebody's recovery contact. */
export interface InvitationRow {
  readonly secretDigest: string;
  readonly subjectId: SubjectId;
  readonly expiresAt: Date;
}

/** SQL of the table `recovery_invitations`. */
export function invitationRows(tenant: string) {
  const living = (db: Db, at: Date) =>
    tables(db)
      .selectFrom('recovery_invitations')
      .selectAll()
      .where('tenant', '=', tenant)
      .where('used_at', 'is', null)
      .where('expires_at', '>', at);
  return {
    async add(db: Db, row: InvitationRow): Promise<void> {
      await tables(db)
        .insertInto('recovery_invitations')
        .values({
          tenant,
          secret_digest: row.secretDigest,
          subject_id: row.subjectId,
          expires_at: row.expiresAt,
          used_at: null,
        })
        .execute();
    },

    /** Whose contact one would become; `undefined` for one that is used, late or unknown. */
    async find(db: Db, secretDigest: string, at: Date): Promise<SubjectId | undefined> {
      const row = await living(db, at).where('secret_digest', '=', secretDigest).executeTakeFirst();
      // This column holds only what this module wrote: ids of these kinds.
      return row?.subject_id as SubjectId | undefined;
    },

    /** Single use: true exactly once. */
    async use(db: Db, secretDigest: string, at: Date): Promise<boolean> {
      const result = await tables(db)
        .updateTable('recovery_invitations')
        .set({ used_at: at })
        .where('tenant', '=', tenant)
        .where('secret_digest', '=', secretDigest)
        .where('used_at', 'is', null)
        .where('expires_at', '>', at)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async countOpen(db: Db, subjectId: SubjectId, at: Date): Promise<number> {
      const rows = await living(db, at).where('subject_id', '=', subjectId).limit(100).execute();
      return rows.length;
    },

    /** What nobody can accept any more is kept for nobody. */
    async forgetBefore(db: Db, before: Date): Promise<void> {
      await tables(db)
        .deleteFrom('recovery_invitations')
        .where('tenant', '=', tenant)
        .where('expires_at', '<', before)
        .execute();
    },
  };
}
