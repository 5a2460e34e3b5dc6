import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import type { Invitation } from '../domain/invitation.ts';
import type { SubjectId } from '../domain/subjects.ts';
import { tables, type InvitationsTable } from './tables.ts';

/** A row: the invitation, and the entry that says so. */
export interface InvitationRow extends Invitation {
  readonly evidenceId: Id<'evt'>;
}

const OPEN_MAX = 100;

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
          authenticator_id: row.authenticatorId,
          evidence_id: row.evidenceId,
          expires_at: row.expiresAt,
          used_at: null,
        })
        .execute();
    },

    /** `undefined` for one that is used, late or unknown. */
    async find(db: Db, secretDigest: string, at: Date): Promise<InvitationRow | undefined> {
      const row = await living(db, at).where('secret_digest', '=', secretDigest).executeTakeFirst();
      return row && read(row);
    },

    /** Single use: true exactly once, and only for what the row still says. */
    async use(db: Db, row: InvitationRow, at: Date): Promise<boolean> {
      const result = await tables(db)
        .updateTable('recovery_invitations')
        .set({ used_at: at })
        .where('tenant', '=', tenant)
        .where('secret_digest', '=', row.secretDigest)
        .where('subject_id', '=', row.subjectId)
        .where('authenticator_id', '=', row.authenticatorId)
        .where('evidence_id', '=', row.evidenceId)
        .where('used_at', 'is', null)
        .where('expires_at', '=', row.expiresAt)
        .where('expires_at', '>', at)
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    },

    async listOpen(db: Db, subjectId: SubjectId, at: Date): Promise<InvitationRow[]> {
      const rows = await living(db, at)
        .where('subject_id', '=', subjectId)
        .limit(OPEN_MAX)
        .execute();
      return rows.flatMap((row) => read(row) ?? []);
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

/** One that no entry vouches for is none. */
function read(row: InvitationsTable): InvitationRow | undefined {
  if (row.authenticator_id === null || row.evidence_id === null) return undefined;
  return {
    secretDigest: row.secret_digest,
    // These columns hold only what this module wrote: ids of these kinds.
    subjectId: row.subject_id as SubjectId,
    authenticatorId: row.authenticator_id as Id<'ath'>,
    evidenceId: row.evidence_id as Id<'evt'>,
    expiresAt: row.expires_at,
  };
}
