import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { selfSigned } from '../../../demo/mtls-key.ts';
import { parseProxies } from '../http/client-address.ts';
import { mutualTlsOf, readCertificateHeader } from './certificate-of.ts';

const { certificate } = await selfSigned('tool.example');
const { raw } = new X509Certificate(certificate);
const rfc9440 = `:${raw.toString('base64')}:`;
const escaped = encodeURIComponent(certificate);
const origin = 'https://mtls.example.com';
const proxies = parseProxies('10.0.0.5')!;

/** A request that the operator’s proxy, or somebody else, sends here. */
function seen(headers: Record<string, string>, from = '10.0.0.5') {
  const settings = {
    PROOFLINE_MTLS_ORIGIN: origin,
    PROOFLINE_MTLS_KEY: undefined,
    PROOFLINE_MTLS_HEADER: 'client-cert',
    PROOFLINE_MTLS_AUTHORITIES: undefined,
    PROOFLINE_TRUSTED_PROXIES: proxies,
  };
  const incoming = {
    socket: { remoteAddress: from },
    headers: { host: 'mtls.example.com', ...headers },
  } as unknown as IncomingMessage; // what is looked at
  return mutualTlsOf(settings)!.mtls.certificateOf(incoming);
}

describe('a certificate that a proxy has seen', () => {
  it.each([rfc9440, escaped])('comes in the header that the operator has named', (text) => {
    expect(seen({ 'client-cert': text })?.raw.equals(raw)).toBe(true);
    expect(seen({ 'client-cert': text }, '::ffff:10.0.0.5')?.raw.equals(raw)).toBe(true);
  });

  it('is believed from a proxy of ours, and from nobody else', () => {
    for (const from of ['10.0.0.6', '127.0.0.1', '::1', '']) {
      expect(seen({ 'client-cert': rfc9440 }, from)).toBeUndefined();
      // Whoever names the proxy as its own origin is not the proxy.
      const forwarded = { 'client-cert': rfc9440, 'x-forwarded-for': '10.0.0.5' };
      expect(seen(forwarded, from)).toBeUndefined();
    }
  });

  it('is not looked for in another header, nor on the way to another host', () => {
    expect(seen({ 'x-client-cert': rfc9440 })).toBeUndefined();
    expect(seen({ 'client-cert': rfc9440, host: 'staff.example.com' })).toBeUndefined();
    expect(seen({ 'client-cert': rfc9440, host: 'mtls.example.com:444' })).toBeUndefined();
  });

  it('is one, whole and of its form', () => {
    for (const text of [
      '',
      '::',
      rfc9440.slice(0, -1),
      `${rfc9440}, ${rfc9440}`,
      `${escaped}${escaped}`,
      raw.toString('base64'),
      `:${raw.subarray(0, 40).toString('base64')}:`,
      '%E0%A4%A',
      `:${'A'.repeat(9_000)}:`,
    ])
      expect({ text, read: readCertificateHeader(text) }).toMatchObject({ read: undefined });
  });
});

it('where TLS ends here, no header is believed, whoever sends it', () => {
  const mine = mutualTlsOf({
    PROOFLINE_MTLS_ORIGIN: origin,
    PROOFLINE_MTLS_KEY: 'PEM',
    PROOFLINE_MTLS_HEADER: undefined,
    PROOFLINE_MTLS_AUTHORITIES: undefined,
    PROOFLINE_TRUSTED_PROXIES: proxies,
  });
  const incoming = {
    socket: { remoteAddress: '10.0.0.5' },
    headers: { host: 'mtls.example.com', 'client-cert': rfc9440 },
  } as unknown as IncomingMessage; // what is looked at
  expect(mine!.mtls.certificateOf(incoming)).toBeUndefined();
});
