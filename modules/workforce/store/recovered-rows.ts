import type { Id } from '@proofline/kernel';
import type { Db } from '@proofline/storage';
import { tables } from './tables.ts';

/** SQL of what a recovery writes to the table `workforce_staff`. */
export function recoveredRows(tenant: string) {
  return {
    /** Until then the account counts for less. */
    async capUntil(db: Db, subjectId: Id<'stf'>, until: Date): Promise<void> {
      await tables(db)
        .updateTable('workforce_staff')
        .set({ recovered_until: until })
        .where('tenant', '=', tenant)
        .where('subject_id', '=', subjectId)
        .execute();
    },
  };
}
