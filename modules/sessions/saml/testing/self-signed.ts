// First: it brings along the polyfill that @peculiar/x509 asks for.
import '@simplewebauthn/server/helpers';
import { X509CertificateGenerator } from '@peculiar/x509';
import { createPrivateKey } from 'node:crypto';
import type { SamlKey } from '../signing-keys.ts';

const rsa = (modulusLength: number) => ({
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength,
  publicExponent: new Uint8Array([1, 0, 1]),
});
const ec = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A key with a certificate that nobody else vouches for, as service providers have them. */
export async function selfSigned(kind: 'rsa' | 'rsa-1024' | 'ec' = 'rsa'): Promise<SamlKey> {
  const algorithm = kind === 'ec' ? ec : rsa(kind === 'rsa' ? 2048 : 1024);
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=test',
    notBefore: new Date('2020-01-01T00:00:00Z'),
    notAfter: new Date('2049-12-31T00:00:00Z'),
    keys,
    signingAlgorithm: algorithm,
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    privateKeyPem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: Buffer.from(certificate.rawData).toString('base64'),
  };
}
