import type { FetchPort } from '@proofline/enforce/client';
import { Problem, type FileReply, type Reply, type Route } from '@proofline/protocol';
import type { z } from 'zod';

type In<T> = T extends z.ZodType ? z.input<T> : never;
type Needs<R extends Route, K extends 'params' | 'query' | 'body'> = R[K] extends z.ZodType
  ? { readonly [P in K]: In<R[K]> }
  : unknown;

/** What a caller of this route must give. */
export type RouteInput<R extends Route> = Needs<R, 'params'> & Needs<R, 'query'> & Needs<R, 'body'>;

/** The server did not do what it was asked. The message is a sentence for whoever reads the output. */
export class NotDone extends Error {
  override readonly name = 'NotDone';
  readonly problem: Problem | undefined;
  constructor(message: string, problem?: Problem) {
    super(message);
    this.problem = problem;
  }
}

/** Calls routes of the contract, with whatever proves who calls. */
export type CallRoute = <R extends Route>(route: R, input: RouteInput<R>) => Promise<Reply<R>>;

const TIMEOUT_MS = 30_000;

/**
 * @param send signs and sends
 * @returns a caller that throws {@link NotDone} when the server refuses, cannot be reached or
 *   answers something else than the contract says
 */
export function createCallRoute(origin: string, send: FetchPort): CallRoute {
  return async <R extends Route>(route: R, input: RouteInput<R>): Promise<Reply<R>> => {
    // `RouteInput` has already checked each part against the route’s own schemas.
    const { params, query, body } = input as LooseInput;
    const path = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(params?.[name] ?? ''),
    );
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const response = await reach(origin, () =>
      send(url.href, {
        method: route.method.toUpperCase(),
        headers: {
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    );
    return replyOf(route, response);
  };
}

interface LooseInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
}

async function reach(origin: string, send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    if (error instanceof NotDone) throw error;
    throw new NotDone(`The server at ${origin} cannot be reached.`);
  }
}

async function replyOf<R extends Route>(route: R, response: Response): Promise<Reply<R>> {
  // A file comes as it is: whatever is wrong with it, its verifier says.
  if (response.ok && route.reply === 'file') return (await fileOf(response)) as Reply<R>; // as the route declares
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const problem = Problem.safeParse(body);
    if (!problem.success) throw new NotDone(`The server answered ${response.status}.`);
    const { title, detail, code } = problem.data;
    const words = detail === undefined ? title : `${title} ${detail}`;
    throw new NotDone(`The server refuses: ${words} [${code}]`, problem.data);
  }
  const { reply } = route;
  // Where the route promises no JSON, `Reply` is `undefined`.
  if (typeof reply === 'string') return undefined as Reply<R>;
  const parsed = reply.safeParse(body);
  if (!parsed.success) throw new NotDone('The server answered something else than was asked.');
  // The schema that was just applied is the one that `Reply` is inferred from.
  return parsed.data as Reply<R>;
}

async function fileOf(response: Response): Promise<FileReply> {
  const said = response.headers.get('content-disposition') ?? '';
  return {
    name: /filename="([\w.-]{1,120})"/.exec(said)?.[1] ?? 'file',
    type: response.headers.get('content-type') ?? '',
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}
