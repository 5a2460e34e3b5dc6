import type { QueryClient } from '@tanstack/react-query';

const GATHER_MS = 60;
const waiting = new WeakMap<QueryClient, Set<string>>();

/**
 * Asks again for what these routes read. What is wanted within a moment is asked for once: every
 * read is decided and logged, so a change and the event that tells of it shall not be two.
 */
export function refreshSoon(queries: QueryClient, routeIds: readonly string[]): void {
  const gathered = waiting.get(queries);
  if (gathered) {
    for (const id of routeIds) gathered.add(id);
    return;
  }
  const fresh = new Set(routeIds);
  waiting.set(queries, fresh);
  globalThis.setTimeout(() => {
    waiting.delete(queries);
    for (const id of fresh) void queries.invalidateQueries({ queryKey: [id] });
  }, GATHER_MS);
}
