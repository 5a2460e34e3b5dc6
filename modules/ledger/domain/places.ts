import type { DisclosureRow } from '../store/disclosure-rows.ts';
import type { KeyRow } from '../store/key-rows.ts';

/** The names under which rows are sealed and authenticated: a row moved elsewhere does not open. */
export const places = {
  key: (tenant: string, row: Omit<KeyRow, 'sealed_key'>): readonly string[] => [
    tenant,
    'key',
    row.subject,
    row.retention,
    row.month,
  ],
  disclosures: (tenant: string, row: Omit<DisclosureRow, 'sealed'>): readonly string[] => [
    tenant,
    'disclosures',
    row.evidence_id,
    row.subject,
    row.retention,
  ],
  pseudonym: (tenant: string, subjectId: string, pseudonym: string): readonly string[] => [
    tenant,
    'pseudonym',
    subjectId,
    pseudonym,
  ],
  outbox: (tenant: string, evidenceId: string, leaf: string): readonly string[] => [
    tenant,
    'outbox',
    evidenceId,
    leaf,
  ],
};
