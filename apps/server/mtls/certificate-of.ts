import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { Config } from '../config.ts';
import { createPeerOf } from '../http/client-address.ts';

const maxChars = 8_000;
const pemText = /^-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

/**
 * A certificate in a header: base64 between colons (`Client-Cert`, RFC 9440 §2.1), or PEM with
 * percent signs, as nginx writes it.
 */
export function readCertificateHeader(text: string): X509Certificate | undefined {
  if (text.length > maxChars) return undefined;
  try {
    const [, base64] = /^:([A-Za-z0-9+/]+={0,2}):$/.exec(text) ?? [];
    if (base64 !== undefined) return new X509Certificate(Buffer.from(base64, 'base64'));
    const pem = decodeURIComponent(text);
    return pemText.test(pem) ? new X509Certificate(pem) : undefined;
  } catch {
    return undefined;
  }
}

type Settings = Pick<
  Config,
  | 'PROOFLINE_MTLS_ORIGIN'
  | 'PROOFLINE_MTLS_KEY'
  | 'PROOFLINE_MTLS_HEADER'
  | 'PROOFLINE_MTLS_AUTHORITIES'
  | 'PROOFLINE_TRUSTED_PROXIES'
>;

/**
 * How certificates of connections come here; `undefined`: not at all. In a header only as the operator
 * has named it, only from a proxy of ours, and only with the host that is for them: on its way to any
 * other, nobody has promised to take out what a caller wrote.
 */
export function mutualTlsOf(config: Settings) {
  const { PROOFLINE_MTLS_HEADER: header, PROOFLINE_MTLS_ORIGIN: origin } = config;
  if (origin === undefined) return undefined;
  const { host } = new URL(origin);
  const peerOf = createPeerOf(config.PROOFLINE_TRUSTED_PROXIES);
  const certificateOf = (incoming: IncomingMessage): X509Certificate | undefined => {
    if (incoming.headers.host !== host) return undefined;
    if (header === undefined) {
      const { socket } = incoming;
      return socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
    }
    // Two headers of that name are one with a comma by now, which is no certificate.
    const text = incoming.headers[header];
    const isProxy = peerOf(incoming.socket) === undefined;
    return isProxy && typeof text === 'string' ? readCertificateHeader(text) : undefined;
  };
  const { PROOFLINE_MTLS_AUTHORITIES: authorities = [] } = config;
  return { mtls: { origin, certificateOf, authorities } };
}
