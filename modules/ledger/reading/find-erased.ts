import { erasedIdHash } from '@proofline/evidence';
import type { Context } from '../context.ts';
import type { EntryRow } from '../store/entry-rows.ts';

/** What is left of entries that had these ids and were erased: id → row. */
export async function findErased(
  { rows, storage }: Pick<Context, 'rows' | 'storage'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, EntryRow>> {
  const byHash = new Map(ids.map((id) => [erasedIdHash(id), id]));
  const found = await rows.entries.findByIds(storage.db, [...byHash.keys()]);
  return new Map(
    found.flatMap((row) => {
      const id = byHash.get(row.evidenceId);
      return id === undefined ? [] : [[id, row] as const];
    }),
  );
}
