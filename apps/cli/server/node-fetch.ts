import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { FetchPort } from '@proofline/enforce/client';

/** More than any answer that is asked for here. */
const ANSWER_MAX_BYTES = 8 * 1024 * 1024;

/** `*.localhost` is loopback (RFC 6761 §6.3); browsers know, resolvers often do not. */
const lookupLoopback: LookupFunction = (_hostname, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

/** A `fetch` for text on Node’s own HTTP client. It follows no redirect and bounds what it reads. */
export const nodeFetch: FetchPort = (url, init) =>
  new Promise((resolve, reject) => {
    const target = new URL(url);
    const send = target.protocol === 'https:' ? requestHttps : requestHttp;
    const outgoing = send(
      target,
      {
        method: init.method ?? 'GET',
        headers: Object.fromEntries(new Headers(init.headers)),
        ...(init.signal ? { signal: init.signal } : {}),
        ...(target.hostname.endsWith('.localhost') ? { lookup: lookupLoopback } : {}),
      },
      (incoming) => {
        const chunks: Buffer[] = [];
        let sizeBytes = 0;
        incoming.on('data', (chunk: Buffer) => {
          sizeBytes += chunk.length;
          chunks.push(chunk);
          if (sizeBytes > ANSWER_MAX_BYTES) incoming.destroy(new Error('the answer is too large'));
        });
        incoming.on('error', reject);
        incoming.on('end', () => {
          const status = incoming.statusCode ?? 502;
          const body = status === 204 || status === 304 ? null : Buffer.concat(chunks);
          resolve(new Response(body, { status, headers: headersOf(incoming.rawHeaders) }));
        });
      },
    );
    outgoing.on('error', reject);
    outgoing.end(typeof init.body === 'string' ? init.body : undefined);
  });

function headersOf(pairs: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    headers.append(pairs[index] ?? '', pairs[index + 1] ?? '');
  }
  return headers;
}
