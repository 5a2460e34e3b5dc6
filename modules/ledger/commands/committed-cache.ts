/**
 * Remembers values of rows that are known to be committed. A transaction proposes what it wrote or
 * read under its entry's id; only when that entry has come into the log, hence its transaction has
 * committed, are they believed. What was rolled back is never confirmed.
 */
export interface CommittedCache<V> {
  get(key: string): V | undefined;
  propose(evidenceId: string, values: ReadonlyMap<string, V>): void;
  confirm(evidenceId: string): void;
  /** Forgets everything, what is proposed included. */
  clear(): void;
}

/** Proposals of transactions that were rolled back, or taken in by another process, fall out. */
const PROPOSALS_MAX = 5_000;

/** @see CommittedCache; holds at most `countMax` values, dropping the oldest. */
export function committedCache<V>(countMax: number): CommittedCache<V> {
  const believed = new Map<string, V>();
  const proposed = new Map<string, ReadonlyMap<string, V>>();
  const set = (key: string, value: V): void => {
    believed.delete(key);
    believed.set(key, value);
    dropOldest(believed, countMax);
  };
  return {
    get: (key) => believed.get(key),
    propose(evidenceId, values) {
      if (values.size === 0) return;
      proposed.set(evidenceId, values);
      dropOldest(proposed, PROPOSALS_MAX);
    },
    confirm(evidenceId) {
      for (const [key, value] of proposed.get(evidenceId) ?? []) set(key, value);
      proposed.delete(evidenceId);
    },
    clear() {
      believed.clear();
      proposed.clear();
    },
  };
}

function dropOldest(map: Map<string, unknown>, countMax: number): void {
  for (const key of map.keys()) {
    if (map.size <= countMax) return;
    map.delete(key);
  }
}
