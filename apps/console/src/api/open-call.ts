import type { Route } from '@proofline/protocol';
import { replyOf, requestOf, type RouteInput, type RouteReply } from './call-route.ts';
import { NoAnswer, readRefusal } from './refusal.ts';

/**
 * Calls a route that takes anyone: before sign-in, on our own origin, with its cookies.
 * @throws Refusal, NoAnswer
 */
export async function openCall<R extends Route & { readonly caller: 'anyone' }>(
  route: R,
  input: RouteInput<R>,
): Promise<RouteReply<R>> {
  const { url, method, headers, body, signal } = requestOf(window.location.origin, route, input);
  const response = await window
    .fetch(url, {
      method: method.toUpperCase(),
      cache: 'no-store',
      ...(headers ? { headers } : {}),
      ...(body === undefined ? {} : { body }),
      ...(signal ? { signal } : {}),
    })
    .catch(() => {
      throw new NoAnswer('the server cannot be reached');
    });
  if (!response.ok) throw await readRefusal(response);
  return replyOf(route, response);
}
