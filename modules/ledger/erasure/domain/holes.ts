import { ErasureRecord, parseEntry } from '@proofline/evidence';
import type { EntryRow } from '../../store/entry-rows.ts';

/** The places of a log whose bytes are gone, set against the erasures that the log tells of. */
export function createHoles() {
  const erasures = new ErasureRecord();
  const found: { readonly index: number; readonly idHash: string }[] = [];
  return {
    /** Told of every row, in the order of the log. */
    see({ index, leaf, kind, evidenceId }: EntryRow): void {
      if (leaf === '') found.push({ index, idHash: evidenceId });
      else if (kind.startsWith('erasure.')) {
        const parsed = parseEntry(leaf);
        if (parsed.ok) erasures.add(parsed.value, index);
      }
    },
    /** Places that no erasure explains, once all rows were seen. */
    unexplained: (): readonly number[] =>
      found
        .filter(({ index, idHash }) => !erasures.ofLeaf(index, idHash))
        .map(({ index }) => index),
  };
}
