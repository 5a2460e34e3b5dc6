import type { Migration } from '@proofline/storage';

/** What erasing needs: requests, holds, and the rights of the role that erases. */
export const erasureMigrations: readonly Migration[] = [
  {
    id: 'ledger-e1',
    why:
      'Erasures that were asked for, approved and carried out, and legal holds. What they are about is ' +
      'said in the log too; these rows say how far each has come, so that a crash in between is made ' +
      'good. Nobody approves their own, and nobody lifts a hold that they placed: held here as well. ' +
      'The number tells every process to forget pseudonyms and data keys that it has in memory. ' +
      'The index finds what is sealed for a data subject, which the log names by pseudonym only.',
    sql: `
CREATE TABLE ledger_erasures (
  tenant text NOT NULL,
  erasure_id text NOT NULL,
  form text NOT NULL CHECK (form IN ('fields', 'expired', 'entries', 'prefix', 'policy')),
  plan jsonb NOT NULL,
  basis text NOT NULL,
  state text NOT NULL CHECK
    (state IN ('waiting', 'declined', 'approved', 'recorded', 'carried-out')),
  asked_by text,
  asked_at timestamptz NOT NULL,
  asked_evidence text NOT NULL,
  answered_by text,
  answered_at timestamptz,
  answered_evidence text,
  told_at timestamptz,
  effect_evidence text,
  carried_out_at timestamptz,
  PRIMARY KEY (tenant, erasure_id),
  CHECK (state = 'declined' OR answered_by IS NULL OR asked_by IS NULL OR answered_by <> asked_by)
);
CREATE INDEX ledger_erasures_state ON ledger_erasures (tenant, state, erasure_id);
CREATE TABLE ledger_holds (
  tenant text NOT NULL,
  hold_id text NOT NULL,
  scope jsonb NOT NULL,
  reason_code text NOT NULL,
  placed_by text NOT NULL,
  placed_at timestamptz NOT NULL,
  placed_evidence text NOT NULL,
  lifted_by text,
  lifted_at timestamptz,
  lifted_evidence text,
  PRIMARY KEY (tenant, hold_id),
  CHECK (lifted_by IS NULL OR lifted_by <> placed_by)
);
CREATE TABLE ledger_forgetting (
  tenant text NOT NULL,
  number bigint NOT NULL,
  PRIMARY KEY (tenant)
);
CREATE INDEX ledger_disclosures_subject ON ledger_disclosures (tenant, subject, month)`,
    wall: {
      kept: { ledger_forgetting: 'never-removed' },
      changing: {
        ledger_erasures: [
          'state',
          'answered_by',
          'answered_at',
          'answered_evidence',
          'told_at',
          'effect_evidence',
          'carried_out_at',
        ],
        ledger_holds: ['lifted_by', 'lifted_at', 'lifted_evidence'],
      },
      erased: {
        ledger_entries: { columns: ['leaf', 'kind', 'at', 'evidence_id'] },
        ledger_refs: { rows: true },
        ledger_facets: { rows: true },
        ledger_disclosures: { rows: true },
        ledger_keys: { rows: true },
        ledger_pseudonyms: { rows: true },
      },
    },
  },
  {
    id: 'ledger-e2',
    why:
      'Up to which erasure the tables were rewritten, so that no file of the database holds what was ' +
      'erased: a row that was removed lies in its file until it is written over.',
    sql: `ALTER TABLE ledger_forgetting ADD COLUMN rewritten bigint NOT NULL DEFAULT 0`,
  },
];
