import type { Id } from '@proofline/kernel';
import type { Role } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import { tables } from '../../store/tables.ts';

/** SQL of the table `workforce_staff`, as far as a directory has a say in it. */
export function provisionedStaffRows(tenant: string) {
  const update = (db: Db) => tables(db).updateTable('workforce_staff').where('tenant', '=', tenant);
  return {
    /** A directory says anew what a person is called and where they work, and whether they left. */
    async provision(
      db: Db,
      subjectId: Id<'stf'>,
      person: {
        readonly displayName: string;
        readonly desk: string;
        readonly leftAt: Date | undefined;
      },
    ): Promise<void> {
      const { desk, displayName, leftAt } = person;
      await update(db)
        .set({ display_name: displayName, desk, left_at: leftAt ?? null })
        .where('subject_id', '=', subjectId)
        .execute();
    },

    /** A group gives a role, or takes it away. An account that was never confirmed has none to change. */
    async provisionRole(
      db: Db,
      subjectId: Id<'stf'>,
      given: {
        readonly role: Role | undefined;
        readonly at: Date;
        /** The entry of it. */
        readonly evidenceId: Id<'evt'>;
      },
    ): Promise<void> {
      const { at, evidenceId, role } = given;
      await update(db)
        .set({
          ...(role === undefined ? { role_withdrawn_at: at } : { role, role_withdrawn_at: null }),
          role_evidence_id: evidenceId,
        })
        .where('subject_id', '=', subjectId)
        .where('state', '=', 'active')
        .execute();
    },

    /** How many of a role could act now. */
    async countActive(db: Db, role: Role): Promise<number> {
      const rows = await tables(db)
        .selectFrom('workforce_staff')
        .select('subject_id')
        .where('tenant', '=', tenant)
        .where('role', '=', role)
        .where('state', '=', 'active')
        .where('left_at', 'is', null)
        .where('role_withdrawn_at', 'is', null)
        .execute();
      return rows.length;
    },
  };
}
