import { request } from 'node:http';

/** A request over real HTTP. Redirects are not followed; cookies are the caller's affair. */
export interface LocalRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/**
 * `fetch` for `*.localhost`: connects to loopback and names the host in the Host header, because
 * only browsers resolve such names everywhere (RFC 6761 §6.3).
 */
export async function localFetch(url: string, init: RequestInit = {}): Promise<Response> {
  const { body } = init;
  if (typeof body !== 'string' && body !== undefined) throw new TypeError('only text is sent here');
  const { hostname, port, host, pathname, search } = new URL(url);
  if (hostname !== '127.0.0.1' && !hostname.endsWith('localhost')) {
    throw new Error(`not an address of this machine: ${hostname}`);
  }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        path: `${pathname}${search}`,
        method: init.method ?? 'GET',
        headers: { host, ...Object.fromEntries(new Headers(init.headers)) },
        ...(init.signal ? { signal: init.signal } : {}),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          const headers = new Headers();
          for (let index = 0; index < incoming.rawHeaders.length; index += 2) {
            headers.append(incoming.rawHeaders[index]!, incoming.rawHeaders[index + 1]!);
          }
          const status = incoming.statusCode ?? 500;
          const answer = status === 204 || status === 304 ? null : Buffer.concat(chunks);
          resolve(new Response(answer, { status, headers }));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
