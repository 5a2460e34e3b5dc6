import { systemClock, systemRandom, type Clock, type Random } from '@proofline/kernel';
import type { FetchPort } from '../pdp/create-pdp-client.ts';
import { signRequest, type ServiceSigningKey } from './sign-request.ts';

/** What a fetch that signs its requests needs. */
export interface SigningFetchOptions {
  readonly key: ServiceSigningKey;
  /** A token for this request; `undefined`, or none at all: the signature alone says who calls. */
  readonly accessToken?: (url: string) => Promise<string | undefined> | string | undefined;
  /** Default: the platform's. */
  readonly fetch?: FetchPort;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * A `fetch` that signs every request with the key of a service that is registered for signatures (RFC
 * 9421). Bodies are texts or bytes: a stream cannot be digested before it is sent.
 *
 * Redirects are refused: a signature is made for one URL. A request is never repeated by itself, because
 * an enforcement point remembers each signature.
 */
export function signingFetch(options: SigningFetchOptions): FetchPort {
  const send: FetchPort = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const ports = { clock: options.clock ?? systemClock, random: options.random ?? systemRandom };
  return async (given, init) => {
    // As it is sent: a platform writes addresses in one form, and without a fragment.
    const url = new URL(given);
    url.hash = '';
    const token = await options.accessToken?.(url.href);
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
    const authorization = headers.get('authorization');
    const body = bytesOf(init.body);
    const target = {
      method: init.method ?? 'GET',
      url: url.href,
      ...(authorization === null ? {} : { authorization }),
      ...(body === undefined ? {} : { body }),
    };
    for (const [name, value] of Object.entries(await signRequest(options.key, target, ports))) {
      headers.set(name, value);
    }
    return send(url.href, { redirect: 'error', ...init, headers });
  };
}

function bytesOf(body: RequestInit['body']): Uint8Array<ArrayBuffer> | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return new Uint8Array(body);
  throw new TypeError('a request is signed with its body as text or bytes');
}
