import type { Route } from '@proofline/protocol';
import type { z } from 'zod';
import type { AuthorizedRequest } from './authorized-fetch.ts';
import { NoAnswer } from './refusal.ts';

type In<T> = T extends z.ZodType ? z.input<T> : never;
type Needs<R extends Route, K extends 'params' | 'query' | 'body'> = R[K] extends z.ZodType
  ? { readonly [P in K]: In<R[K]> }
  : unknown;

/** What a caller of this route must give. */
export type RouteInput<R extends Route> = Needs<R, 'params'> &
  Needs<R, 'query'> &
  Needs<R, 'body'> & { readonly idempotencyKey?: string; readonly signal?: AbortSignal };

/** What a caller of this route gets: the parsed reply, or `undefined` where there is none. */
export type RouteReply<R extends Route> = R['reply'] extends z.ZodType
  ? z.output<R['reply']>
  : undefined;

interface LooseInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal;
}

/** The request that a route and its input mean. */
export function requestOf<R extends Route>(
  origin: string,
  route: R,
  input: RouteInput<R>,
): AuthorizedRequest {
  // `RouteInput` has already checked each part against the route's own schemas.
  const { params, query, body, idempotencyKey, signal } = input as LooseInput;
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = params?.[name];
    if (value === undefined) throw new TypeError(`${route.id} needs ${name}`);
    return encodeURIComponent(value);
  });
  const url = new URL(path, origin);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== '') url.searchParams.set(name, String(value));
  }
  return {
    method: route.method,
    url: url.href,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  };
}

/**
 * Parses a reply by the contract: what does not fit is not shown.
 * @throws NoAnswer
 */
export async function replyOf<R extends Route>(
  route: R,
  response: Response,
): Promise<RouteReply<R>> {
  const { reply } = route;
  // Where the route promises no JSON, `RouteReply` is `undefined`.
  if (typeof reply === 'string') return undefined as RouteReply<R>;
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = reply.safeParse(body);
  if (!parsed.success) throw new NoAnswer(`${route.id} answered something else`);
  // The schema that was just applied is the one that `RouteReply` is inferred from.
  return parsed.data as RouteReply<R>;
}
