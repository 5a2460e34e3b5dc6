import type { Migration } from '@proofline/storage';

/** What questions of other systems need. */
export const authzenMigrations: readonly Migration[] = [
  {
    id: 'decisions-authzen-1',
    why:
      'Subjects of other systems are asked about as well: which types there are is said by the schema ' +
      'of the policies, not by a table.',
    sql: 'ALTER TABLE decisions DROP CONSTRAINT decisions_subject_type_check',
  },
];
