import type { Context } from '../context.ts';

/** So many entries are counted; beyond that, the newest of them. */
export const REACH_MAX = 5_000;
/** A story that is longer than that goes in circles of work, not of cause. */
const HOPS_MAX = 8;

/** The entries that something reached. */
export interface Reach {
  readonly places: readonly number[];
  readonly truncated: boolean;
}

/** The entries themselves, and all that followed from them. Never what followed from another sign-in. */
export async function reachOf(
  { rows, storage }: Context,
  seeds: readonly number[],
): Promise<Reach> {
  const found = new Set(seeds.slice(0, REACH_MAX));
  let truncated = seeds.length > REACH_MAX;
  let edge: readonly number[] = [...found];
  for (let hop = 0; hop < HOPS_MAX && edge.length > 0 && !truncated; hop += 1) {
    const next = await rows.reach.consequences(storage.db, edge, REACH_MAX + 1);
    const fresh = next.filter((place) => !found.has(place));
    truncated = found.size + fresh.length > REACH_MAX;
    edge = fresh.slice(0, REACH_MAX - found.size);
    for (const place of edge) found.add(place);
  }
  return { places: [...found], truncated };
}
