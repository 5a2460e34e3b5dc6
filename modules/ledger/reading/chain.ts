import type { Context } from '../context.ts';
import { readEntryRow, type ReadEntry } from './read-rows.ts';

/** A chain of causes and consequences. */
export interface Chain {
  /** By index, rising. */
  readonly entries: readonly ReadEntry[];
  /** Whether the limit cut it. */
  readonly truncated: boolean;
}

/**
 * All that led to these entries and all that came of them: their consequences, the consequences of
 * those, and the causes of all of it. Not the other consequences of a cause: a session has many calls.
 */
export async function readChain(
  context: Context,
  seeds: readonly ReadEntry[],
  countMax: number,
): Promise<Chain> {
  const found = new Map<string, ReadEntry>();
  const add = (entries: readonly ReadEntry[]): ReadEntry[] => {
    const fresh = entries.filter(({ entry }) => !found.has(entry.id));
    const taken = fresh.slice(0, countMax - found.size);
    for (const one of taken) found.set(one.entry.id, one);
    if (taken.length < fresh.length) truncated = true;
    return taken;
  };
  let truncated = false;
  let edge = add(seeds);
  while (edge.length > 0) edge = add(await consequencesOf(context, edge, countMax));
  edge = [...found.values()];
  while (edge.length > 0) edge = add(await causesOf(context, edge, found));
  const entries = [...found.values()].sort((left, right) => left.row.index - right.row.index);
  return { entries, truncated };
}

async function consequencesOf(
  context: Context,
  edge: readonly ReadEntry[],
  countMax: number,
): Promise<ReadEntry[]> {
  const { rows, storage } = context;
  const ids = edge.map(({ entry }) => entry.id);
  const indexes = await rows.refs.effectsOf(storage.db, ids, countMax + 1);
  return (await rows.entries.findByIndexes(storage.db, indexes)).map(readEntryRow);
}

async function causesOf(
  context: Context,
  edge: readonly ReadEntry[],
  found: ReadonlyMap<string, ReadEntry>,
): Promise<ReadEntry[]> {
  const { rows, storage } = context;
  const ids = new Set(edge.flatMap(({ entry }) => entry.causes).filter((id) => !found.has(id)));
  return (await rows.entries.findByIds(storage.db, [...ids])).map(readEntryRow);
}
