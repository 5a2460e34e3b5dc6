// First: it brings along the polyfill that @peculiar/x509 asks for.
import '@simplewebauthn/server/helpers';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** A key with a certificate that nobody else vouches for, both as PEM. */
export interface CertifiedKey {
  readonly key: string;
  readonly certificate: string;
}

/** Makes one for a host name, or for a program of that name. */
export async function selfSigned(name: string, notAfter = '2036-01-01'): Promise<CertifiedKey> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date(`${notAfter}T00:00:00Z`),
    keys,
    signingAlgorithm: algorithm,
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: certificate.toString('pem'),
  };
}

/** The demo’s key for TLS towards programs with a certificate, made at the first start, as PEM. */
export async function loadMtlsKey(directory: string, host: string): Promise<string> {
  const file = join(directory, 'mtls.pem');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const { certificate, key } = await selfSigned(host);
  const pem = `${key}${certificate}\n`;
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}
