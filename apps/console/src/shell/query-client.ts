import { QueryClient } from '@tanstack/react-query';
import { NoAnswer } from '../api/refusal.ts';

/** A refusal is an answer and is not asked for again; silence is, twice. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        // Nothing about a customer stays in memory once no screen shows it.
        gcTime: 10_000,
        // Live events keep the screens fresh; a read costs a decision and an entry in the log.
        refetchOnWindowFocus: false,
        retry: (count, error) => error instanceof NoAnswer && count < 2,
      },
      mutations: { retry: false },
    },
  });
}
