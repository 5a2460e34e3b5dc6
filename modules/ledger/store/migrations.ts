import type { Migration } from '@proofline/storage';
import { receiverMigrations } from '../out/sending/receiver-rows.ts';
import { searchMigrations } from './search-migrations.ts';
import { witnessMigrations } from './witness-migrations.ts';
import { erasureMigrations } from './erasure-migrations.ts';

/** The module's schema. */
export const migrations: readonly Migration[] = [
  {
    id: 'ledger-1',
    why:
      'What was recorded and is not yet in the log. Written in the transaction of the change that ' +
      'it tells of, so that both commit or neither (P3). `ordinal` follows the order of recording ' +
      'in one process; rows are taken by being there, never by a position, so a transaction that ' +
      'commits late is not passed over. `mac` keeps whoever can only write to the database from ' +
      'slipping an entry in.',
    sql: `
CREATE TABLE ledger_outbox (
  tenant text NOT NULL,
  ordinal bigint NOT NULL,
  evidence_id text NOT NULL,
  leaf text NOT NULL,
  mac text NOT NULL,
  PRIMARY KEY (tenant, ordinal, evidence_id)
)`,
    wall: { kept: { ledger_outbox: 'never-changed' } },
  },
  {
    id: 'ledger-2',
    why:
      'The log: leaves with their hashes, the inverted index of every id in them, and the roots of ' +
      'complete subtrees of 256, 65,536 and 16,777,216 leaves, from which any proof is made in a ' +
      'few reads. Nodes between those levels are computed. The head is one row, moved by ' +
      'compare-and-swap; it is all that a second sequencer would have to fight for.',
    sql: `
CREATE TABLE ledger_entries (
  tenant text NOT NULL,
  idx bigint NOT NULL,
  evidence_id text NOT NULL,
  kind text NOT NULL,
  at timestamptz NOT NULL,
  leaf text NOT NULL,
  leaf_hash bytea NOT NULL,
  PRIMARY KEY (tenant, idx),
  UNIQUE (tenant, evidence_id)
);
CREATE INDEX ledger_entries_kind ON ledger_entries (tenant, kind, idx);
CREATE TABLE ledger_refs (
  tenant text NOT NULL,
  idx bigint NOT NULL,
  role text NOT NULL,
  value text NOT NULL,
  PRIMARY KEY (tenant, idx, role, value)
);
CREATE INDEX ledger_refs_value ON ledger_refs (tenant, value, idx);
CREATE TABLE ledger_nodes (
  tenant text NOT NULL,
  level integer NOT NULL CHECK (level > 0),
  idx bigint NOT NULL,
  hash bytea NOT NULL,
  PRIMARY KEY (tenant, level, idx)
);
CREATE TABLE ledger_head (
  tenant text NOT NULL,
  size bigint NOT NULL,
  root text NOT NULL,
  peaks text NOT NULL,
  checkpoint text NOT NULL,
  PRIMARY KEY (tenant)
)`,
    wall: {
      kept: {
        ledger_entries: 'append-only',
        ledger_refs: 'append-only',
        ledger_nodes: 'append-only',
        ledger_head: 'never-removed',
      },
    },
  },
  {
    id: 'ledger-3',
    why:
      'What is personal, apart from the log. Pseudonyms are random: without this map nobody can ' +
      'compute them. Disclosures are sealed under one key per data subject, retention class and ' +
      'month; a destroyed key destroys them and leaves every proof valid. Keys are sealed under ' +
      'the key-encryption key, which is never in the database.',
    sql: `
CREATE TABLE ledger_pseudonyms (
  tenant text NOT NULL,
  subject_id text NOT NULL,
  pseudonym text NOT NULL,
  mac text NOT NULL,
  PRIMARY KEY (tenant, subject_id),
  UNIQUE (tenant, pseudonym)
);
CREATE TABLE ledger_keys (
  tenant text NOT NULL,
  subject text NOT NULL,
  retention text NOT NULL CHECK (retention IN ('identity', 'case', 'access')),
  month text NOT NULL,
  sealed_key bytea NOT NULL,
  PRIMARY KEY (tenant, subject, retention, month)
);
CREATE TABLE ledger_disclosures (
  tenant text NOT NULL,
  evidence_id text NOT NULL,
  subject text NOT NULL,
  retention text NOT NULL,
  month text NOT NULL,
  sealed bytea NOT NULL,
  PRIMARY KEY (tenant, evidence_id, subject, retention)
)`,
    wall: {
      kept: {
        ledger_pseudonyms: 'append-only',
        ledger_keys: 'append-only',
        ledger_disclosures: 'append-only',
      },
    },
  },
  ...searchMigrations,
  ...witnessMigrations,
  ...erasureMigrations,
  ...receiverMigrations,
];
