import type { Migration } from '@proofline/storage';

/** What the search of the log needs besides the log: all of it can be made again from the leaves. */
export const searchMigrations: readonly Migration[] = [
  {
    id: 'ledger-s1',
    why:
      'What entries are searched and counted by, out of the leaves: action, outcome, which data categories ' +
      'were shown, and whether an identity proof stands behind. Written by a reader of the log that goes ' +
      'after the sequencer and remembers how far it is, not by the sequencer: nobody who waits for evidence ' +
      'waits for this. Not kept by the wall, because it is thrown away and made again where the rules by ' +
      'which it is made change; the log itself says what is true. The columns behind `idx` in two ' +
      'indexes let a search decide within the index.',
    sql: `
CREATE TABLE ledger_facets (
  tenant text NOT NULL,
  idx bigint NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  action text,
  outcome text,
  root text NOT NULL CHECK (root IN ('proof', 'none', 'missing')),
  shown text,
  masked text,
  release text,
  PRIMARY KEY (tenant, idx)
);
CREATE INDEX ledger_facets_kind ON ledger_facets (tenant, kind, idx);
CREATE INDEX ledger_facets_action ON ledger_facets (tenant, action, idx, outcome);
CREATE INDEX ledger_facets_outcome ON ledger_facets (tenant, outcome, idx, action);
CREATE INDEX ledger_facets_release ON ledger_facets (tenant, release, idx);
CREATE INDEX ledger_facets_at ON ledger_facets (tenant, at, idx);
CREATE INDEX ledger_facets_missing ON ledger_facets (tenant, idx) WHERE root = 'missing';
CREATE TABLE ledger_facets_head (
  tenant text NOT NULL,
  version integer NOT NULL,
  size bigint NOT NULL,
  PRIMARY KEY (tenant)
)`,
  },
];
