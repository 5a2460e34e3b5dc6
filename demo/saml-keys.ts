// First: it brings along the polyfill that @peculiar/x509 asks for.
import '@simplewebauthn/server/helpers';
import { X509CertificateGenerator } from '@peculiar/x509';
import { createPrivateKey } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

/** The demo's key for SAML with its certificate, made at the first start, as PEM. */
export async function loadSamlKeys(directory: string): Promise<string> {
  const file = join(directory, 'saml.pem');
  if (existsSync(file)) return readFileSync(file, 'utf8');
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=staff.localhost',
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2036-01-01T00:00:00Z'),
    keys,
    signingAlgorithm: algorithm,
  });
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey));
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const key = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const pem = `${key}${certificate.toString('pem')}\n`;
  writeFileSync(file, pem, { mode: 0o600, flag: 'wx' });
  return pem;
}
