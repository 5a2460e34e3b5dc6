import type { Db } from '@proofline/storage';
import { chunksOf, tables, type PseudonymsTable } from './tables.ts';

export type PseudonymRow = Omit<PseudonymsTable, 'tenant'>;

/** SQL of the table `ledger_pseudonyms`. */
export function pseudonymRows(tenant: string) {
  const from = (db: Db) =>
    tables(db)
      .selectFrom('ledger_pseudonyms')
      .select(['subject_id', 'pseudonym', 'mac'])
      .where('tenant', '=', tenant);
  return {
    /** Answers the rows that were not there yet. */
    async insert(db: Db, rows: readonly PseudonymRow[]): Promise<PseudonymRow[]> {
      return (
        tables(db)
          .insertInto('ledger_pseudonyms')
          .values(rows.map((row) => ({ ...row, tenant })))
          // In a SERIALIZABLE transaction a rival's row, which this one cannot see, is then a
          // serialization failure: the whole is done again and finds it.
          .onConflict((conflict) => conflict.doNothing())
          .returning(['subject_id', 'pseudonym', 'mac'])
          .execute()
      );
    },

    async ofSubjects(db: Db, subjectIds: readonly string[]): Promise<PseudonymRow[]> {
      if (subjectIds.length === 0) return [];
      return from(db)
        .where('subject_id', 'in', [...subjectIds])
        .execute();
    },

    async ofPseudonyms(db: Db, pseudonyms: readonly string[]): Promise<PseudonymRow[]> {
      const found: PseudonymRow[] = [];
      for (const chunk of chunksOf(pseudonyms)) {
        found.push(
          ...(await from(db)
            .where('pseudonym', 'in', [...chunk])
            .execute()),
        );
      }
      return found;
    },

    async all(db: Db): Promise<PseudonymRow[]> {
      return from(db).execute();
    },
  };
}
