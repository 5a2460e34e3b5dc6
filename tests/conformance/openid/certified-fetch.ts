import { request } from 'node:https';
import type { localFetch } from '../../../demo/actors/local-fetch.ts';
import type { CertifiedKey } from '../../../demo/mtls-key.ts';

interface Given {
  /** Whom the server must be vouched for by, as PEM. */
  readonly authority: string;
  /** What is shown of oneself; absent: nothing. */
  readonly own?: CertifiedKey | undefined;
}

/** `fetch` for `*.localhost` over TLS, with a certificate of one’s own. */
export function createCertifiedFetch({ authority, own }: Given): typeof localFetch {
  return (url, init) => {
    const { host, hostname, pathname, port, search } = new URL(url);
    const headers = { host, ...Object.fromEntries(new Headers(init?.headers)) };
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          servername: hostname,
          port,
          path: `${pathname}${search}`,
          method: init?.method ?? 'GET',
          headers,
          ca: authority,
          agent: false,
          ...(own && { key: own.key, cert: own.certificate }),
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const status = incoming.statusCode ?? 500;
            const said = new Headers({ 'content-type': incoming.headers['content-type'] ?? '' });
            resolve(new Response(Buffer.concat(chunks), { status, headers: said }));
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(typeof init?.body === 'string' ? init.body : undefined);
    });
  };
}
