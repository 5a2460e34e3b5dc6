import { isIP } from 'node:net';
import { z } from 'zod';
import { isInternalAddress } from './internal-address.ts';

/** An address of a service that the operator has registered (AuthZEN Callback profile). */
export interface CallbackTarget {
  readonly url: string;
  /** Whether it may lead to an internal address: said by the operator, for this one alone. */
  readonly internal: boolean;
}

/** The host as the resolver takes it: an IPv6 address stands in brackets in a URL. */
export function hostOf(url: string): string {
  return (URL.parse(url)?.hostname ?? '').replaceAll(/^\[|\]$/g, '');
}

function isLoopback(url: string): boolean {
  const host = hostOf(url);
  return host === '127.0.0.1' || host === 'localhost' || host.endsWith('.localhost');
}

/** The setting. */
export const CallbackTarget = z
  .strictObject({ url: z.string().max(500), internal: z.boolean().default(false) })
  .refine(({ url }) => URL.parse(url)?.href === url, {
    message: 'must be a whole URL, as it is sent: https://gateway.example.com/callbacks',
  })
  .refine(({ url }) => !/[@#]/.test(url), {
    message: 'must have no credentials and no fragment',
  })
  .refine(
    ({ url, internal }) =>
      url.startsWith('https://') || (internal && url.startsWith('http://') && isLoopback(url)),
    { message: 'must be https (plain http is taken for loopback only, with internal: true)' },
  )
  .refine(
    ({ url, internal }) => {
      const host = hostOf(url);
      const isNamed = isIP(host) === 0 && !isLoopback(url);
      return internal || isNamed || !isInternalAddress(isIP(host) === 0 ? '' : host);
    },
    { message: 'leads to an internal address: say internal: true if it is meant' },
  );
