import { QueryCache, QueryClient, type Query } from '@tanstack/react-query';
import { isPassing, isRefusal, NoAnswer, NotConfirmed } from '../api/refusal.ts';

/**
 * The cache of what was read. A refusal is an answer and is not asked for again; silence is, twice.
 * What a refusal answers is forgotten with it: it is not permitted now, so it stays neither on the
 * screen nor in memory (P6).
 */
export function createQueryClient(): QueryClient {
  const queryCache = new QueryCache({
    onError: (error, query) => {
      if (takesAway(error)) forgetRefused(queryCache, query);
    },
  });
  return new QueryClient({
    queryCache,
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // Nothing about a customer stays in memory once no screen shows it.
        gcTime: 10_000,
        // Live events keep the screens fresh; a read costs a decision and an entry in the log.
        refetchOnWindowFocus: false,
        retry: (count, error) => error instanceof NoAnswer && count < 2,
        // Silence passes: the screen asks until somebody answers, ever more seldom.
        refetchInterval: ({ state }) =>
          isPassing(state.error) && againAfterMs(state.errorUpdateCount),
        // Offline is an answer, and comes from the request itself.
        networkMode: 'always',
      },
      // A change is never kept to be sent later; nor, once it is over, what was typed for it.
      mutations: { retry: false, gcTime: 0, networkMode: 'always' },
    },
  });
}

/** 2 s after the first silence, then 4, 8 and 15. */
function againAfterMs(silences: number): number {
  return Math.min(15_000, 1000 * 2 ** Math.min(silences, 4));
}

/** Whether an error says that the reader may not have this now; a busy or broken server says nothing. */
function takesAway(error: unknown): boolean {
  if (error instanceof NotConfirmed) return true;
  return isRefusal(error) && error.problem.status < 500 && error.problem.status !== 429;
}

/** A list may show the rows of its last filter while it asks, so those go too. */
function forgetRefused(cache: QueryCache, refused: Query<unknown, unknown>): void {
  const [route] = refused.queryKey;
  for (const unused of cache.findAll({ queryKey: [route], type: 'inactive' })) cache.remove(unused);
  refused.setState({ data: undefined, dataUpdatedAt: 0 });
}
