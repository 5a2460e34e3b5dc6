import { ErasureRecord, parseEntry, StandingEntries } from '@proofline/evidence';
import type { EntryRow } from '../../store/entry-rows.ts';

/** The places of a log whose bytes are gone, set against the erasures that the log tells of. */
export function createHoles() {
  const erasures = new ErasureRecord();
  const standing = new StandingEntries();
  const found: { readonly index: number; readonly idHash: string }[] = [];
  return {
    /** Told of every row, in the order of the log. */
    see({ index, leaf, kind, evidenceId }: EntryRow): void {
      if (leaf === '') found.push({ index, idHash: evidenceId });
      else standing.see(index, kind);
      if (leaf !== '' && kind.startsWith('erasure.')) {
        const parsed = parseEntry(leaf);
        if (parsed.ok) erasures.add(parsed.value, index);
      }
    },
    /** What no erasure explains, and prunes that left other entries than there are, once all rows were seen. */
    faults: (): readonly string[] => [
      ...found
        .filter(({ index, idHash }) => !erasures.ofLeaf(index, idHash))
        .map(({ index }) => `Entry ${index} is gone, and no erasure in the log says why`),
      ...erasures
        .prunesBelied(standing)
        .map(({ index }) => `The prune of entry ${index} left other entries than there are`),
    ],
  };
}
