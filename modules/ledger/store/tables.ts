import type { Db } from '@proofline/storage';
import type { Generated } from 'kysely';

export interface OutboxTable {
  tenant: string;
  ordinal: number;
  evidence_id: string;
  leaf: string;
  mac: string;
}

export interface EntriesTable {
  tenant: string;
  idx: number;
  evidence_id: string;
  kind: string;
  at: Date;
  leaf: string;
  leaf_hash: Uint8Array;
}

export interface RefsTable {
  tenant: string;
  idx: number;
  /** `entry` and `cause`, or `ref:` and `subject:` with the entry's own name for it. */
  role: string;
  value: string;
}

export interface NodesTable {
  tenant: string;
  level: number;
  idx: number;
  hash: Uint8Array;
}

export interface HeadTable {
  tenant: string;
  size: number;
  /** base64. */
  root: string;
  /** base64 of the compact range's hashes, one after the other. */
  peaks: string;
  checkpoint: string;
}

export interface PseudonymsTable {
  tenant: string;
  subject_id: string;
  pseudonym: string;
  mac: string;
}

export interface KeysTable {
  tenant: string;
  /** Pseudonym of the data subject. */
  subject: string;
  retention: string;
  /** `2026-11` */
  month: string;
  sealed_key: Uint8Array;
}

export interface DisclosuresTable {
  tenant: string;
  evidence_id: string;
  subject: string;
  retention: string;
  month: string;
  /** A JSON array of disclosure texts, sealed. */
  sealed: Uint8Array;
}

/** What entries are searched by; made from the leaves. */
export interface FacetsTable {
  tenant: string;
  idx: number;
  kind: string;
  at: Date;
  action: string | null;
  outcome: string | null;
  root: string;
  /** Names of data categories, comma between them. */
  shown: string | null;
  masked: string | null;
  /** Digest of the release of policies. */
  release: string | null;
}

export interface FacetsHeadTable {
  tenant: string;
  version: number;
  size: number;
}

export interface ErasuresTable {
  tenant: string;
  erasure_id: string;
  form: string;
  plan: unknown;
  basis: string;
  state: string;
  /** Absent: the published retention policy. */
  asked_by: string | null;
  asked_at: Date;
  asked_evidence: string;
  answered_by: string | null;
  answered_at: Date | null;
  answered_evidence: string | null;
  /** When every process was told to forget what it has in memory. */
  told_at: Date | null;
  /** The entry that explains what is gone. */
  effect_evidence: string | null;
  carried_out_at: Date | null;
}

export interface HoldsTable {
  tenant: string;
  hold_id: string;
  scope: unknown;
  reason_code: string;
  placed_by: string;
  placed_at: Date;
  placed_evidence: string;
  lifted_by: string | null;
  lifted_at: Date | null;
  lifted_evidence: string | null;
}

export interface ForgettingTable {
  tenant: string;
  number: number;
  /** Up to which number the tables were rewritten. */
  rewritten: Generated<number>;
}

// A type alias: kysely asks for an index signature, which an interface does not have.
type LedgerTables = {
  ledger_outbox: OutboxTable;
  ledger_entries: EntriesTable;
  ledger_refs: RefsTable;
  ledger_nodes: NodesTable;
  ledger_head: HeadTable;
  ledger_pseudonyms: PseudonymsTable;
  ledger_keys: KeysTable;
  ledger_disclosures: DisclosuresTable;
  ledger_facets: FacetsTable;
  ledger_facets_head: FacetsHeadTable;
  ledger_erasures: ErasuresTable;
  ledger_holds: HoldsTable;
  ledger_forgetting: ForgettingTable;
};

/** The connection, narrowed to this module's tables. */
export function tables(db: Db) {
  return db.withTables<LedgerTables>();
}

/** Cuts rows into statements that stay far below PostgreSQL's 65,535 parameters. */
export function* chunksOf<T>(rows: readonly T[], size = 1_000): Generator<readonly T[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}
