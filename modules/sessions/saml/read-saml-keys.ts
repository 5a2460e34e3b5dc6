import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SamlKey, SamlKeys } from './signing-keys.ts';

const blocks = /-----BEGIN ([A-Z ]+)-----[A-Za-z0-9+/=\s]+-----END \1-----/g;
const bitsMin = 2048;

/** A private key and the certificate that follows it. @throws with a sentence for the operator */
function readPair(keyPem: string, certificatePem: string): SamlKey {
  const key = createPrivateKey(keyPem);
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== 'rsa' || modulusLength < bitsMin) {
    throw new Error('must hold RSA keys of 2048 bits or more: other kinds few tools can verify');
  }
  const certificate = new X509Certificate(certificatePem);
  if (!certificate.checkPrivateKey(key)) {
    throw new Error('holds a certificate that is not of the key before it');
  }
  return {
    privateKeyPem: key.export({ format: 'pem', type: 'pkcs8' }).toString(),
    certificate: certificate.raw.toString('base64'),
  };
}

/**
 * Reads PEM text: an RSA private key followed by its certificate, as many pairs as there are. The first
 * one signs; the others are still published, so that service providers may be told of a change before.
 *
 * @throws with a sentence for the operator, and nothing of the text
 */
export function readSamlKeys(pem: string): SamlKeys {
  const found = [...pem.matchAll(blocks)].map(([block, label]) => ({ block, label }));
  const keys: SamlKey[] = [];
  for (let at = 0; at < found.length; at += 2) {
    const [key, certificate] = found.slice(at, at + 2);
    if (!key?.label?.endsWith('PRIVATE KEY') || certificate?.label !== 'CERTIFICATE') {
      throw new Error('must be PEM: each private key followed by its certificate');
    }
    keys.push(readPair(key.block, certificate.block));
  }
  const [first] = keys;
  if (!first) throw new Error('must be PEM: each private key followed by its certificate');
  return { current: () => first, published: () => keys.map(({ certificate }) => certificate) };
}
