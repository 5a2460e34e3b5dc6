import type { Route } from '@proofline/protocol';
import {
  keepPreviousData,
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query';
import { useRef } from 'react';
import type { z } from 'zod';
import type { RouteInput, RouteReply } from '../api/call-route.ts';
import { isRefusal } from '../api/refusal.ts';
import { useApi } from './api-context.tsx';

type ReadableRoute = Route & { readonly reply: z.ZodType };

interface QueryOptions {
  readonly enabled?: boolean;
  /** Keep what is shown while the next answer is on its way. */
  readonly keepPrevious?: boolean;
}

/** Reads a route of the contract; kept fresh by live events under the route's id. */
export function useRouteQuery<R extends ReadableRoute>(
  route: R,
  input: RouteInput<R>,
  { enabled = true, keepPrevious = false }: QueryOptions = {},
): UseQueryResult<z.output<R['reply']>> {
  const api = useApi();
  return useQuery({
    queryKey: [route.id, input],
    // For a route with a schema, `RouteReply` is that schema's output.
    queryFn: async ({ signal }) =>
      (await api.call(route, { ...input, signal })) as z.output<R['reply']>,
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
  });
}

/**
 * Calls a route that changes something, once at a time: `isPending` is known only when the screen is
 * drawn anew, and a double press is faster.
 */
export function useRouteMutation<R extends Route>(
  route: R,
  onDone?: (reply: RouteReply<R>) => void,
): UseMutationResult<RouteReply<R>, Error, RouteInput<R>> {
  const api = useApi();
  const queries = useQueryClient();
  const isUnderWay = useRef(false);
  const mutation = useMutation<RouteReply<R>, Error, RouteInput<R>>({
    mutationFn: (input) => api.call(route, input),
    ...(onDone ? { onSuccess: onDone } : {}),
    onError: (error) => {
      // Somebody was first: what is on this screen is no longer so.
      if (isRefusal(error) && error.problem.status === 409) void queries.invalidateQueries();
    },
    onSettled: () => {
      isUnderWay.current = false;
    },
  });
  const mutate: typeof mutation.mutate = (...call) => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    mutation.mutate(...call);
  };
  return { ...mutation, mutate };
}
