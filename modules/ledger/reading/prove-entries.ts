import {
  leafHash,
  openCheckpoint,
  parseEntry,
  sameHash,
  verifyInclusion,
  type EvidenceEntry,
} from '@proofline/evidence';
import type { EvidenceKind } from '@proofline/protocol';
import type { Db } from '@proofline/storage';
import type { Context } from '../context.ts';
import { entryRefs } from '../domain/entry-refs.ts';
import type { EntryRow } from '../store/entry-rows.ts';
import type { Head } from '../store/head-rows.ts';
import { createTreeReader, type TreeSource } from './tree-reader.ts';

/** A head that our own signature or this process vouches for. */
type ProvenHead = Pick<Head, 'size' | 'root'>;

/** Reads rows as entries if they are under a head by their path; `undefined` for all others. */
export function createProver(source: TreeSource, head: ProvenHead) {
  const tree = createTreeReader(source, head.size);
  return async (row: Pick<EntryRow, 'index' | 'leaf'>): Promise<EvidenceEntry | undefined> => {
    const { index: leafIndex, leaf } = row;
    if (leafIndex < 0 || leafIndex >= head.size) return undefined;
    const proof = await tree.inclusionProof(leafIndex);
    const place = { leafIndex, leafHash: leafHash(leaf), treeSize: head.size };
    const isIn = verifyInclusion({ ...place, proof, root: head.root });
    const parsed = parseEntry(leaf);
    return isIn && parsed.ok ? parsed.value : undefined;
  };
}

/** Which entry is looked for. */
export interface NewestAsked {
  readonly kinds: readonly EvidenceKind[];
  /** It names this as well. */
  readonly aboutId?: string | undefined;
  /** What this process has shown; `undefined` before its start. */
  readonly shown: Head | undefined;
  /** Where it is read: a transaction, or the database. */
  readonly db?: Db;
}

/** The newest entry that is of one of these kinds and, where an id is named, holds it, proved by its path. */
export async function newestProven(
  { rows, signer, storage }: Context,
  { kinds, aboutId, shown, db = storage.db }: NewestAsked,
): Promise<EvidenceEntry | undefined> {
  const head = await newestHead();
  if (!head) return undefined;
  const prove = createProver({ rows, storage: { db } }, head);
  const newest = async (before: number): Promise<EntryRow | undefined> => {
    const values = aboutId === undefined ? undefined : [aboutId];
    const found = await Promise.all(
      kinds.map((kind) => rows.entries.search(db, { kind, values, before, count: 1 })),
    );
    return found.flat().toSorted((one, other) => other.index - one.index)[0];
  };
  // What the index says of an entry is believed only as far as the entry says it.
  for (let row = await newest(head.size); row; row = await newest(row.index)) {
    const entry = await prove(row);
    if (!entry) throw new Error(`entry ${row.index} of the log was altered`);
    const isAbout =
      aboutId === undefined || entryRefs(entry, row.index).some(({ value }) => value === aboutId);
    if (isAbout && kinds.some((kind) => kind === entry.kind)) return entry;
  }
  return undefined;

  /** Another process may have gone on: its head counts where it is signed, and never an older one. */
  async function newestHead(): Promise<Head | undefined> {
    const stored = await rows.head.find(db);
    if (!stored || stored.checkpoint === shown?.checkpoint) return shown;
    const signed = openCheckpoint(stored.checkpoint, signer.key);
    const isSigned = signed?.size === stored.size && sameHash(signed.root, stored.root);
    return isSigned && stored.size >= (shown?.size ?? 0) ? stored : shown;
  }
}
