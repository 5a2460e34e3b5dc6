import { insertOf, type Db, type Insert, type InsertTarget } from '@proofline/storage';
import { chunksOf, tables, type DisclosuresTable } from './tables.ts';

export type DisclosureRow = Omit<DisclosuresTable, 'tenant'>;

const target: InsertTarget<DisclosuresTable> = {
  table: 'ledger_disclosures',
  columns: {
    tenant: 'text',
    evidence_id: 'text',
    subject: 'text',
    retention: 'text',
    month: 'text',
    sealed: 'bytea',
  },
};

/** SQL of the table `ledger_disclosures`. */
export function disclosureRows(tenant: string) {
  return {
    /** To be written together with other rows. */
    insertOf: (rows: readonly DisclosureRow[]): Insert =>
      insertOf(
        target,
        rows.map((row) => ({ ...row, tenant })),
      ),

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
