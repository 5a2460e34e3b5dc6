import type { Db } from '@proofline/storage';
import { chunksOf, tables, type DisclosuresTable } from './tables.ts';

export type DisclosureRow = Omit<DisclosuresTable, 'tenant'>;

/** SQL of the table `ledger_disclosures`. */
export function disclosureRows(tenant: string) {
  return {
    async insert(db: Db, rows: readonly DisclosureRow[]): Promise<void> {
      await tables(db)
        .insertInto('ledger_disclosures')
        .values(rows.map((row) => ({ ...row, tenant })))
        .execute();
    },

    async ofEntries(db: Db, evidenceIds: readonly string[]): Promise<DisclosureRow[]> {
      const found: DisclosureRow[] = [];
      for (const chunk of chunksOf(evidenceIds)) {
        const rows = await tables(db)
          .selectFrom('ledger_disclosures')
          .select(['evidence_id', 'subject', 'retention', 'month', 'sealed'])
          .where('tenant', '=', tenant)
          .where('evidence_id', 'in', [...chunk])
          .execute();
        found.push(...rows);
      }
      return found;
    },
  };
}
