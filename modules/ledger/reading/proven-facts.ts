import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { Head } from '../store/head-rows.ts';
import type { ProvenEntry } from '../types.ts';
import { createProver } from './prove-entries.ts';

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
  const entry = await createProver(context, head)(row);
  if (entry?.id !== evidenceId) return undefined;
  const { facts, kind, refs } = entry;
  return { kind, refs, facts };
}
