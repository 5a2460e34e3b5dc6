import { systemClock, systemRandom, type Clock, type Random } from '@proofline/kernel';
import type { FetchPort } from '../pdp/create-pdp-client.ts';
import { createDpopProof, type DpopKeys } from './create-dpop-proof.ts';

/** What a signing fetch needs. */
export interface DpopFetchOptions {
  readonly keys: DpopKeys;
  /** The token for this request; `undefined` sends the proof alone, as for the token endpoint. */
  readonly accessToken: (url: string) => Promise<string | undefined> | string | undefined;
  /** Default: the platform's. */
  readonly fetch?: FetchPort;
  readonly clock?: Clock;
  readonly random?: Random;
}

/**
 * A `fetch` that signs every request with DPoP (RFC 9449 §7.1) and carries the access token.
 *
 * Redirects are refused: a proof is made for one URL. A request is never repeated by itself, because
 * an enforcement point remembers each proof.
 */
export function dpopFetch(options: DpopFetchOptions): FetchPort {
  const send: FetchPort = options.fetch ?? ((url, init) => globalThis.fetch(url, init));
  const ports = { clock: options.clock ?? systemClock, random: options.random ?? systemRandom };
  return async (url, init) => {
    const accessToken = await options.accessToken(url);
    const headers = new Headers(init.headers);
    const target = {
      method: init.method ?? 'GET',
      url,
      ...(accessToken === undefined ? {} : { accessToken }),
    };
    headers.set('dpop', await createDpopProof(options.keys, target, ports));
    if (accessToken !== undefined) headers.set('authorization', `DPoP ${accessToken}`);
    return send(url, { redirect: 'error', ...init, headers });
  };
}
