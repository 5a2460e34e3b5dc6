import type { FetchPort } from '@proofline/enforce';
import { limits, type Json } from '@proofline/kernel';

/** A request to the guarded system. */
interface UpstreamRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
}

/** What the guarded system said, as far as it may matter. */
export type UpstreamAnswer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: Json }
  /** It understood and said no; its words have no labels and are dropped. */
  | { readonly kind: 'refused'; readonly status: number }
  /** No answer (status 0), none in time, one too large, or none that could be filtered. */
  | { readonly kind: 'failed'; readonly status: number };

/** The guarded system behind its API key. */
export interface UpstreamClient {
  /** Never throws: what went wrong is an answer. */
  ask(request: UpstreamRequest): Promise<UpstreamAnswer>;
  /** Its OpenAPI description. @throws when it cannot be had. */
  describe(): Promise<unknown>;
}

/** Where the guarded system is, and how long it may take. */
export interface UpstreamOptions {
  readonly fetch: FetchPort;
  readonly origin: string;
  readonly apiKey: string;
  readonly apiKeyHeader: string;
  readonly timeoutMs: number;
}

async function readText(response: Response): Promise<string | undefined> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += chunk.length;
    if (length > limits.upstreamBodyMaxBytes) return undefined;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

function isJson(response: Response): boolean {
  return /^application\/(?:[a-z.+-]+\+)?json\b/.test(response.headers.get('content-type') ?? '');
}

/** A client of the guarded system. */
export function createUpstreamClient(options: UpstreamOptions): UpstreamClient {
  const send = (request: UpstreamRequest): Promise<Response> =>
    options.fetch(options.origin + request.path, {
      method: request.method,
      headers: {
        ...request.headers,
        accept: 'application/json',
        [options.apiKeyHeader]: options.apiKey,
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(options.timeoutMs),
      redirect: 'error',
    });
  return {
    async ask(request) {
      let status = 0;
      try {
        const response = await send(request);
        ({ status } = response);
        const text = await readText(response);
        // 401 and 403 say that the gateway's own key is wrong: no refusal of this request.
        if (status === 401 || status === 403) return { kind: 'failed', status };
        if (status >= 400 && status < 500) return { kind: 'refused', status };
        if (!response.ok || text === undefined || !isJson(response)) {
          return { kind: 'failed', status };
        }
        // JSON.parse yields exactly the values of Json.
        return { kind: 'answered', status, body: JSON.parse(text) as Json };
      } catch {
        return { kind: 'failed', status };
      }
    },
    async describe() {
      const response = await send({ method: 'GET', path: '/openapi.json', headers: {} });
      const text = await readText(response);
      if (!response.ok || text === undefined) {
        throw new Error(`the guarded system answered ${response.status} for its description`);
      }
      const value: unknown = JSON.parse(text);
      return value;
    },
  };
}
