import { newId, systemClock, systemRandom } from '@proofline/kernel';
import type { Caller, HttpExchange, MountedRoute, Reply, Route } from '@proofline/protocol';

/** A browser's side of the exchange: its cookies. */
export interface FakeHttp extends HttpExchange {
  readonly cookies: Map<string, string>;
}

/** A browser without cookies, and what its page sends as headers. */
export function createFakeHttp(headers: Readonly<Record<string, string>> = {}): FakeHttp {
  const cookies = new Map<string, string>();
  return {
    cookies,
    cookie: (name) => cookies.get(name),
    setCookie(name, value, { maxAgeSeconds }) {
      if (maxAgeSeconds > 0) cookies.set(name, value);
      else cookies.delete(name);
    },
    header: (name) => headers[name],
    setHeader: () => undefined,
    node: { incoming: undefined, outgoing: undefined },
    signal: new AbortController().signal,
  };
}

interface RouteCall {
  readonly caller?: Caller;
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly http?: FakeHttp;
}

/**
 * Calls a mounted route as the edge would: input and reply pass the contract's schemas, who calls
 * has been proved, the decision was a permit.
 */
export async function callRoute<R extends Route>(
  mounted: readonly MountedRoute[],
  route: R,
  call: RouteCall = {},
): Promise<Reply<R>> {
  const found = mounted.find((one) => one.route.id === route.id);
  if (!found) throw new Error(`no handler for ${route.id}`);
  const reply = await found.handler({
    caller: call.caller ?? { kind: 'anyone' },
    params: route.params?.parse(call.params ?? {}),
    query: route.query?.parse(call.query ?? {}),
    body: route.body?.parse(call.body ?? {}),
    decision: undefined,
    requestId: newId('req', { clock: systemClock, random: systemRandom }),
    http: call.http ?? createFakeHttp(),
  } as never); // The edge makes this object; `never` is what MountedRoute forgets its type to.
  if (typeof route.reply === 'string') return undefined as Reply<R>; // no body: 'empty'
  return route.reply.parse(reply) as Reply<R>; // parsed by the very schema that the type is from
}
