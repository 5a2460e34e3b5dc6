import type { QueryClient } from '@tanstack/react-query';

/**
 * Asks again for everything that a screen shows, except what came through the gateway: each of those
 * reads is decided and logged, so it happens on purpose only.
 */
export function refreshScreens(queries: QueryClient): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey }) => !String(queryKey[0]).startsWith('gateway.'),
  });
}
