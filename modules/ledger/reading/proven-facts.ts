import { leafHash, parseEntry, verifyInclusion } from '@proofline/evidence';
import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { Head } from '../store/head-rows.ts';
import type { ProvenEntry } from '../types.ts';
import { createTreeReader } from './tree-reader.ts';

/**
 * An entry that is under the published checkpoint, proved by its path; `undefined` for any other, and for
 * one that was erased: it proves nothing any more, which only narrows (P7).
 */
export async function provenFacts(
  context: Context,
  head: Head,
  evidenceId: Id<'evt'>,
): Promise<ProvenEntry | undefined> {
  const [row] = await context.rows.entries.findByIds(context.storage.db, [evidenceId]);
  if (!row || row.index >= head.size) return undefined;
  const proof = await createTreeReader(context, head.size).inclusionProof(row.index);
  const isIn = verifyInclusion({
    leafIndex: row.index,
    leafHash: leafHash(row.leaf),
    treeSize: head.size,
    proof,
    root: head.root,
  });
  const parsed = parseEntry(row.leaf);
  if (!isIn || !parsed.ok || parsed.value.id !== evidenceId) return undefined;
  const { facts, kind, refs } = parsed.value;
  return { kind, refs, facts };
}
