import { parseEntry } from '@proofline/evidence';
import type { JsonObject } from '@proofline/kernel';
import type { EvidenceKind } from '@proofline/protocol';
import type { Context } from '../context.ts';

/**
 * The facts of the newest entry that is of one of these kinds and, where an id is named, holds it;
 * `undefined` when there is none.
 */
export async function newestFacts(
  { rows, storage }: Context,
  kinds: readonly EvidenceKind[],
  aboutId?: string,
): Promise<JsonObject | undefined> {
  const found = await Promise.all(
    kinds.map((kind) =>
      rows.entries.search(storage.db, {
        kind,
        count: 1,
        ...(aboutId !== undefined && { values: [aboutId] }),
      }),
    ),
  );
  const [newest] = found.flat().toSorted((a, b) => b.index - a.index);
  if (newest === undefined) return undefined;
  const parsed = parseEntry(newest.leaf);
  if (!parsed.ok) throw new Error(`entry ${newest.index} of the log cannot be read`);
  return parsed.value.facts;
}
