import type { EvidenceEntry } from '@proofline/evidence';
import type { Id } from '@proofline/kernel';
import type { Context } from '../context.ts';
import type { Head } from '../store/head-rows.ts';
import type { ProvenEntry } from '../types.ts';
import { createProver } from './prove-entries.ts';

/**
 * An entry that is under the published checkpoint, proved by its path; `undefined` for any other, and for
 * one that was erased: it proves nothing any more, which only narrows (P7).
 */
export async function provenEntry(
  context: Context,
  head: Head,
  evidenceId: string,
): Promise<EvidenceEntry | undefined> {
  const [row] = await context.rows.entries.findByIds(context.storage.db, [evidenceId]);
  if (!row || row.index >= head.size) return undefined;
  const entry = await createProver(context, head)(row);
  return entry?.id === evidenceId ? entry : undefined;
}

/** What of {@link provenEntry} the other modules need. */
export async function provenFacts(
  context: Context,
  head: Head,
  evidenceId: Id<'evt'>,
): Promise<ProvenEntry | undefined> {
  const entry = await provenEntry(context, head, evidenceId);
  return entry && { kind: entry.kind, refs: entry.refs, facts: entry.facts };
}
