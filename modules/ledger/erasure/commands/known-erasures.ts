import { erasureKinds, ErasureRecord, parseEntry, type Erasure } from '@proofline/evidence';
import type { Context } from '../../context.ts';
import { stretchRows } from '../store/stretch-rows.ts';
import type { EntryRow } from '../../store/entry-rows.ts';

/** All erasures that the log tells of, with the entries that say so. */
export interface KnownErasures {
  readonly record: ErasureRecord;
  /** The entry of an erasure that the record named. */
  entryOf(erasure: Erasure): EntryRow;
}

const PAGE = 1_000;

/** Reads what the log says of its own erasures. Few entries, found by their kind. */
export async function knownErasures({ rows, storage, tenant }: Context): Promise<KnownErasures> {
  const record = new ErasureRecord();
  const stretches = stretchRows(tenant);
  const all = new Map<number, EntryRow>();
  for (const kind of erasureKinds) {
    for (let before: number | undefined; ;) {
      const found = await stretches.ofKind(storage.db, { kind, count: PAGE, before });
      const page = await rows.entries.findByIndexes(
        storage.db,
        found.map(({ index }) => index),
      );
      for (const row of page) {
        const parsed = parseEntry(row.leaf);
        if (parsed.ok && record.add(parsed.value, row.index)) all.set(row.index, row);
      }
      before = found.at(-1)?.index;
      if (page.length < PAGE) break;
    }
  }
  // The record only ever names what was just put into it.
  return { record, entryOf: ({ index }) => all.get(index)! };
}
