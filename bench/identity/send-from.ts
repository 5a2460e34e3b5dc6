import { Agent, request } from 'node:http';

/**
 * A `fetch` for `*.localhost` that comes from an address of its own, as a person at another desk does.
 * The server counts by address who has proved nothing; all of 127.0.0.0/8 is this machine (RFC 6890).
 */
export function sendFrom(
  localAddress: string,
): (url: string, init?: RequestInit) => Promise<Response> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (url, { method = 'GET', headers = {}, body } = {}) =>
    new Promise((resolve, reject) => {
      const { port, host, pathname, search } = new URL(url);
      const outgoing = request({
        agent,
        localAddress,
        host: '127.0.0.1',
        port,
        path: pathname + search,
        method,
        headers: { host, ...Object.fromEntries(new Headers(headers)) },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('error', reject);
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => {
          const came = new Headers();
          const raw = incoming.rawHeaders;
          for (let at = 0; at < raw.length; at += 2) came.append(raw[at] ?? '', raw[at + 1] ?? '');
          const status = incoming.statusCode ?? 500;
          resolve(
            new Response(status === 204 ? null : Buffer.concat(chunks), { status, headers: came }),
          );
        });
      });
      outgoing.end(typeof body === 'string' ? body : undefined);
    });
}
