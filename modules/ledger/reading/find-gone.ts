import { monthOf, toBase64, type Erasure } from '@proofline/evidence';
import type { Context } from '../context.ts';
import { knownErasures } from '../erasure/commands/known-erasures.ts';
import { findErased } from './find-erased.ts';
import { readEntryRow, type ReadEntry } from './read-rows.ts';

/** A cause whose bytes were erased. */
export interface GoneCause {
  readonly evidenceId: string;
  readonly index: number;
  readonly idHash: string;
  /** base64 of the leaf hash: all that is left. */
  readonly leafHash: string;
  readonly by: ReadEntry;
}

/** Personal fields of one data subject in one entry that were erased. */
export interface GoneFields {
  readonly evidenceId: string;
  readonly pseudonym: string;
  readonly retention: string;
  readonly count: number;
  readonly by: ReadEntry;
}

/** What of a chain was erased, each with the entry that says so. */
export interface Gone {
  readonly causes: readonly GoneCause[];
  readonly fields: readonly GoneFields[];
}

/**
 * What entries name or commit to and an erasure took. What is gone without one is not in it: it is
 * missing, and shows as that.
 */
export async function findGone(context: Context, entries: readonly ReadEntry[]): Promise<Gone> {
  const { rows, storage } = context;
  const held = new Set<string>(entries.map(({ entry }) => entry.id));
  const named = entries.flatMap(({ entry }) => entry.causes).filter((cause) => !held.has(cause));
  const erased = await findErased(context, [...new Set(named)]);
  const sealed = await rows.disclosures.ofEntries(storage.db, [...held]);
  const present = new Set(sealed.map((row) => keyOf(row.evidence_id, row)));
  const lacking = entries.flatMap(({ row, entry }) =>
    entry._sd
      .filter((group) => !present.has(keyOf(entry.id, group)))
      .map((group) => ({ group, index: row.index, entry })),
  );
  if (erased.size + lacking.length === 0) return { causes: [], fields: [] };
  const { record, entryOf } = await knownErasures(context);
  const said = (by: Erasure) => readEntryRow(entryOf(by));
  return {
    causes: [...erased].flatMap(([evidenceId, row]) => {
      const by = record.ofLeaf(row.index, row.evidenceId);
      const { index, evidenceId: idHash } = row;
      const leafHash = toBase64(row.leafHash);
      return by ? [{ evidenceId, index, idHash, leafHash, by: said(by) }] : [];
    }),
    fields: lacking.flatMap(({ group, index, entry }) => {
      const { subject: pseudonym, retention, digests } = group;
      const by = record.ofFields(index, { ...group, month: monthOf(entry.at) });
      const of = { evidenceId: entry.id, pseudonym, retention, count: digests.length };
      return by ? [{ ...of, by: said(by) }] : [];
    }),
  };
}

function keyOf(evidenceId: string, of: { readonly subject: string; readonly retention: string }) {
  return `${evidenceId} ${of.subject} ${of.retention}`;
}
