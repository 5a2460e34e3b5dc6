import { X509Certificate } from 'node:crypto';
import type { BlockList } from 'node:net';
import { createSecureContext } from 'node:tls';
import { z } from 'zod';

/** Where programs connect with a certificate of their own (RFC 8705). */
export const mtlsOrigin = z
  .string()
  .refine(
    (text) => text.startsWith('https://') && URL.parse(text)?.origin === text,
    'must be an https origin only: no path, no slash at the end',
  );

/** A private key and the certificate of this server, and those above it, as PEM. */
export const mtlsKey = z.string().refine(isTlsKey, {
  error: 'must be PEM: one private key, and then its certificate and those above it',
});

function isTlsKey(pem: string): boolean {
  try {
    createSecureContext({ key: pem, cert: pem });
    return /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem) && pem.includes('BEGIN CERTIFICATE');
  } catch {
    return false;
  }
}

/** One that means something else already would be believed to be a certificate. */
export const mtlsHeader = z
  .string()
  .toLowerCase()
  .regex(/^(?=.*cert)[a-z][a-z0-9-]{2,60}$/, 'must be the name of a header, such as Client-Cert');

/** Certificates of authorities, as PEM, one after the other. */
export const mtlsAuthorities = z.string().transform((pem, context) => {
  const all = readAuthorities(pem);
  if (all) return all;
  context.addIssue('must be PEM: certificates of authorities, and nothing else');
  return z.NEVER;
});

function readAuthorities(pem: string): readonly X509Certificate[] | undefined {
  const texts = pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g);
  if (!texts || texts.join('').replaceAll(/\s/g, '') !== pem.replaceAll(/\s/g, ''))
    return undefined;
  try {
    const all = texts.map((text) => new X509Certificate(text));
    return all.every(({ ca }) => ca) ? all : undefined;
  } catch {
    return undefined;
  }
}

interface MtlsEnvironment {
  readonly PROOFLINE_MTLS_ORIGIN?: string | undefined;
  readonly PROOFLINE_MTLS_KEY?: string | undefined;
  readonly PROOFLINE_MTLS_HEADER?: string | undefined;
  readonly PROOFLINE_MTLS_AUTHORITIES?: readonly X509Certificate[] | undefined;
  readonly PROOFLINE_TRUSTED_PROXIES: BlockList;
  readonly PROOFLINE_STAFF_ORIGIN: string;
  readonly PROOFLINE_CUSTOMERS_ORIGIN: string;
  readonly PROOFLINE_GATEWAY_ORIGIN: string;
}

interface Found {
  readonly path: string;
  readonly message: string;
}

/** What does not fit together; `undefined` where everything does. */
export function whyMtlsUnfit(env: MtlsEnvironment): Found | undefined {
  const { PROOFLINE_MTLS_HEADER: header, PROOFLINE_MTLS_KEY: key } = env;
  const origin = env.PROOFLINE_MTLS_ORIGIN;
  if (origin === undefined) {
    const authorities = env.PROOFLINE_MTLS_AUTHORITIES;
    return key === undefined && header === undefined && authorities === undefined
      ? undefined
      : {
          path: 'PROOFLINE_MTLS_ORIGIN',
          message: 'is needed: where programs with a certificate connect',
        };
  }
  const hosts = [env.PROOFLINE_STAFF_ORIGIN, env.PROOFLINE_CUSTOMERS_ORIGIN]
    .concat(env.PROOFLINE_GATEWAY_ORIGIN)
    .map((one) => URL.parse(one)?.host);
  if (hosts.includes(URL.parse(origin)?.host))
    return {
      path: 'PROOFLINE_MTLS_ORIGIN',
      message: 'must be another host or port than every other origin: browsers never go there',
    };
  if ((key === undefined) === (header === undefined))
    return {
      path: 'PROOFLINE_MTLS_KEY',
      message: 'or PROOFLINE_MTLS_HEADER must be set, and not both: TLS ends here or at a proxy',
    };
  if (header !== undefined && env.PROOFLINE_TRUSTED_PROXIES.rules.length === 0)
    return {
      path: 'PROOFLINE_TRUSTED_PROXIES',
      message: 'is needed with PROOFLINE_MTLS_HEADER: from whom the header is believed',
    };
  return undefined;
}
