import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { Readable } from 'node:stream';
import type { FetchPort } from '@proofline/enforce';

/** `*.localhost` is loopback (RFC 6761 §6.3); browsers know, resolvers often do not. */
const lookupLoopback: LookupFunction = (_hostname, options, callback) => {
  if (options.all) callback(null, [{ address: '127.0.0.1', family: 4 }]);
  else callback(null, '127.0.0.1', 4);
};

function headersOf(pairs: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < pairs.length; index += 2) {
    headers.append(pairs[index]!, pairs[index + 1]!);
  }
  return headers;
}

/**
 * A `fetch` on Node's own HTTP client that finds names below `.localhost` on loopback.
 *
 * It takes text bodies only, follows no redirect, and keeps to `init.signal` until the answer's body
 * has been read.
 */
export function createNodeFetch(): FetchPort {
  return (url, init) =>
    new Promise((resolve, reject) => {
      const target = new URL(url);
      if (init.body !== undefined && init.body !== null && typeof init.body !== 'string') {
        reject(new TypeError('only text bodies are sent here'));
        return;
      }
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
          const status = incoming.statusCode ?? 502;
          const empty = status === 204 || status === 205 || status === 304;
          if (empty) incoming.resume();
          // Node's stream type and the DOM's differ in name only.
          const body = empty ? null : (Readable.toWeb(incoming) as ReadableStream);
          resolve(new Response(body, { status, headers: headersOf(incoming.rawHeaders) }));
        },
      );
      outgoing.on('error', reject);
      outgoing.end(init.body ?? undefined);
    });
}
