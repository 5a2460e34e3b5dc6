import type { Id, JsonObject } from '@proofline/kernel';
import type { z } from 'zod';
import type { Action } from './actions.ts';
import type { Decision } from './decision.ts';
import type { ProblemCode } from './problems.ts';
import type { Realm, Role, ServiceRole } from './subjects.ts';

/** Who calls: `anyone` has proved nothing yet. */
export type CallerKind = 'anyone' | 'staff' | 'customer' | 'service';

/** Which resource a route acts on: a path parameter's value, or the one thing of its type. */
export interface RouteResource {
  readonly type: string;
  /** The path parameter that holds the id; absent: the id is `*`, the type as a whole. */
  readonly param?: string;
}

type Shape = z.ZodType;

/** A route of the contract. Data only: the server mounts it, OpenAPI and the attack tests read it. */
export interface Route {
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `{parameters}`. */
  readonly path: string;
  readonly realm: Realm;
  readonly caller: CallerKind;
  /** What is decided before the handler runs. Required wherever somebody is signed in (P2). */
  readonly action?: Action;
  readonly resource?: RouteResource;
  readonly summary: string;
  readonly params?: Shape;
  readonly query?: Shape;
  readonly body?: Shape;
  /** A request without a body is read as `{}`. */
  readonly bodyOptional?: true;
  /** The media type of bodies, where it is not JSON’s own; JSON’s own is taken as well. */
  readonly media?: 'application/scim+json';
  /** Where a body may be larger than `limits.requestBodyMaxBytes`. */
  readonly bodyMaxBytes?: number;
  readonly reply: Shape | 'empty' | 'events' | 'file';
  readonly status: 200 | 201 | 202 | 204;
  readonly problems: readonly ProblemCode[];
}

/** Declares a route, keeping the literal types of its parts. */
export function defineRoute<const R extends Route>(
  route: R & (R['caller'] extends 'staff' | 'service' ? { action: Action } : unknown),
): R {
  return route;
}

type Out<T> = T extends z.ZodType ? z.output<T> : undefined;

/** What the handler of a route is given, after validation, authentication and decision. */
export interface Call<R extends Route = Route> {
  readonly caller: CallerOf<R['caller']>;
  readonly params: Out<R['params']>;
  readonly query: Out<R['query']>;
  readonly body: Out<R['body']>;
  /** The permit under which the handler runs; absent only where nobody is signed in. */
  readonly decision: R['caller'] extends 'staff' | 'service' ? Decision : undefined;
  readonly requestId: Id<'req'>;
  readonly http: HttpExchange;
}

/** What the handler of a route answers. */
export type Reply<R extends Route> = R['reply'] extends z.ZodType
  ? z.output<R['reply']>
  : R['reply'] extends 'events'
    ? AsyncIterable<ServerEvent>
    : R['reply'] extends 'file'
      ? FileReply
      : undefined;

/** One server-sent event; `data` is sent as JSON. */
export interface ServerEvent {
  readonly event: string;
  readonly data: JsonObject;
}

/** A download. */
export interface FileReply {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array;
}

/** The little of HTTP that a handler may touch: cookies, a few headers, and the raw exchange for the OIDC library. */
export interface HttpExchange {
  cookie(name: string): string | undefined;
  setCookie(name: string, value: string, options: { readonly maxAgeSeconds: number }): void;
  header(name: string): string | undefined;
  /** Of the answer, when it is no refusal. */
  setHeader(name: 'location' | 'retry-after' | 'etag', value: string): void;
  /** Node's own request and response objects, which oidc-provider asks for. */
  readonly node: { readonly incoming: unknown; readonly outgoing: unknown };
  /** Aborts when the other side goes away. */
  readonly signal: AbortSignal;
}

/** A colleague in a live session. */
export interface StaffCaller {
  readonly kind: 'staff';
  readonly subjectId: Id<'stf'>;
  readonly sessionId: Id<'ses'>;
  readonly roles: readonly Role[];
}
/** A customer in a session of the company’s own page. */
export interface CustomerCaller {
  readonly kind: 'customer';
  readonly customerId: Id<'cus'>;
  readonly sessionId: Id<'ses'>;
}
/** A program with a key of its own. */
export interface ServiceCaller {
  readonly kind: 'service';
  readonly subjectId: string;
  readonly role: ServiceRole;
  /** Of a request that is signed (RFC 9421): what its signature covers. */
  readonly covered?: readonly string[];
}
/** Somebody who has proved nothing yet. */
export interface AnyoneCaller {
  readonly kind: 'anyone';
}
/** Who calls, as proved by the edge. */
export type Caller = StaffCaller | CustomerCaller | ServiceCaller | AnyoneCaller;
type CallerOf<K extends CallerKind> = Extract<Caller, { kind: K }>;

/** A use case bound to its route. */
export type Handler<R extends Route> = (call: Call<R>) => Promise<Reply<R>>;

/**
 * What a handler is given that records the permit under which it runs together with what it does:
 * `permit` in place of the decision, which is not written down yet.
 */
export type PermitCall<R extends Route> = Omit<Call<R>, 'decision'> & {
  /** The PDP's to read; to everybody else an empty object. */
  readonly permit: object;
};

/** A route with its handler, as a module hands it to the composition. */
export interface MountedRoute {
  readonly route: Route;
  // The edge has validated what it passes; the precise type was checked where `handle` was called.
  readonly handler: (call: never) => Promise<unknown>;
  /** The handler is given a {@link PermitCall}. */
  readonly takesPermit?: true;
}

/** Binds a handler to its route, checking that both agree. */
export function handle<R extends Route>(route: R, handler: Handler<R>): MountedRoute {
  return { route, handler };
}

/** {@link handle} for a handler that records its own permit. */
export function handleWithPermit<R extends Route>(
  route: R,
  handler: (call: PermitCall<R>) => Promise<Reply<R>>,
): MountedRoute {
  return { route, handler, takesPermit: true };
}
