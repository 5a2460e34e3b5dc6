import type { QueryClient } from '@tanstack/react-query';
import { READ_BY_HAND } from './read-by-hand.ts';

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
    for (const id of fresh) void askAgain(queries, id);
  }, GATHER_MS);
}

/** What is under way is let finish, and asked once more: it may be older than the change. */
async function askAgain(queries: QueryClient, id: string): Promise<void> {
  const underWay = queries.isFetching({ queryKey: [id] }) > 0;
  const ask = () => queries.invalidateQueries({ queryKey: [id] }, { cancelRefetch: false });
  await ask();
  if (underWay) await ask();
}

/**
 * Asks again for everything on the screen, at once, and forgets the rest: what may be read has
 * changed. An answer under way may rest on what was permitted before, so it is not waited for (P6).
 * What is read by hand alone is hidden instead: whether it is read again, a person says.
 */
export async function refreshAll(queries: QueryClient): Promise<void> {
  queries.removeQueries({ type: 'inactive' });
  await queries.cancelQueries();
  await queries.resetQueries({ queryKey: [READ_BY_HAND] });
  await queries.invalidateQueries();
}
