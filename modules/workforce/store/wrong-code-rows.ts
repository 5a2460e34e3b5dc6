import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** SQL of the table `workforce_wrong_codes`: kept for as long as they count. */
export function wrongCodeRows(tenant: string) {
  return {
    async countSince(db: Db, subjectId: Id<'stf'>, since: Date): Promise<number> {
      const rows = await tables(db)
        .selectFrom('workforce_wrong_codes')
        .select('attempt_id')
        .where('tenant', '=', tenant)
        .where('subject_id', '=', subjectId)
        .where('at', '>', since)
        .execute();
      return rows.length;
    },

    /** Notes a wrong code, and forgets those that count no more. */
    async record(
      db: Db,
      wrong: {
        readonly attemptId: Id<'req'>;
        readonly subjectId: Id<'stf'>;
        readonly at: Date;
        readonly since: Date;
      },
    ): Promise<void> {
      await tables(db)
        .deleteFrom('workforce_wrong_codes')
        .where('tenant', '=', tenant)
        .where('subject_id', '=', wrong.subjectId)
        .where('at', '<=', wrong.since)
        .execute();
      const { attemptId, subjectId, at } = wrong;
      const values = { tenant, attempt_id: attemptId, subject_id: subjectId, at };
      await tables(db).insertInto('workforce_wrong_codes').values(values).execute();
    },
  };
}
