import type { Migration } from '@proofline/storage';

/** What the witnesses’ signatures are kept in. */
export const witnessMigrations: readonly Migration[] = [
  {
    id: 'ledger-w1',
    why:
      'Checkpoints under which a witness has signed: the note, with every cosignature that has come, by ' +
      'its size. A note proves itself, so nothing here is kept by the second wall; of the older ones, one ' +
      'an hour stays, to say when the log was how large.',
    sql: `
CREATE TABLE ledger_cosigned (
  tenant text NOT NULL,
  size bigint NOT NULL,
  note text NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (tenant, size)
)`,
  },
];
