import { parseEntry } from '@proofline/evidence';
import type { Context } from '../context.ts';
import { FACETS_VERSION, facetsOf } from '../domain/facets.ts';
import type { EntryRow } from '../store/entry-rows.ts';
import type { FacetRow, FacetsHead } from '../store/facet-rows.ts';

/** Portable SQL: batches of at most 1,000 rows. */
const BATCH_MAX = 1_000;

/** Makes facets of the next entries; answers how far they are made then. */
export async function followLog(context: Context, logSize: number): Promise<number> {
  const from = await openFacets(context);
  if (from.size >= logSize) return from.size;
  const { rows, storage } = context;
  const end = Math.min(from.size + BATCH_MAX, logSize);
  const entries = await rows.entries.range(storage.db, from.size, end);
  const made = await facetsOfRange(context, entries);
  const to = { version: FACETS_VERSION, size: end };
  const moved = await storage.transaction((tx) => rows.facets.append(tx, made, { from, to }));
  // Another process was faster: it has written the same.
  return moved ? end : from.size;
}

/** Throws away what was made by other rules than today’s, and begins. */
async function openFacets(context: Context): Promise<FacetsHead> {
  const { rows, storage } = context;
  const head = await rows.facets.head(storage.db);
  if (head?.version === FACETS_VERSION) return head;
  const first = { version: FACETS_VERSION, size: 0 };
  if (head) await rows.facets.forgetHead(storage.db);
  let isLeft = true;
  while (isLeft) isLeft = await rows.facets.removeSome(storage.db);
  await rows.facets.begin(storage.db, first);
  return (await rows.facets.head(storage.db)) ?? first;
}

/**
 * The facets of entries that follow each other. Causes stand before what they led to, so whatever stands
 * behind an entry is known once those before it are.
 */
export async function facetsOfRange(
  { rows, storage }: Context,
  entries: readonly EntryRow[],
): Promise<FacetRow[]> {
  const parsed = entries.flatMap((row) => {
    const entry = parseEntry(row.leaf);
    return entry.ok ? [{ row, entry: entry.value }] : [];
  });
  const here = new Set<string>(parsed.map(({ entry }) => entry.id));
  const earlier = new Set(
    parsed.flatMap(({ entry }) => entry.causes).filter((id) => !here.has(id)),
  );
  const proved = new Set(await rows.facets.proved(storage.db, [...earlier]));
  return parsed.map(({ row, entry }) => {
    const facets = facetsOf(
      entry,
      entry.causes.some((cause) => proved.has(cause)),
    );
    if (facets.root === 'proof') proved.add(entry.id);
    return { ...facets, index: row.index };
  });
}
