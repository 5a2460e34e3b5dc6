import { constants, createHash, verify, X509Certificate, type KeyObject } from 'node:crypto';

interface SignatureAlgorithm {
  readonly key: 'rsa' | 'ec';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly pss?: true;
}

/**
 * What a signature may be made with (xmldsig-core1 §6.4, RFC 9231). SHA-1 is broken, an HMAC would be
 * keyed with a certificate that anybody has, and DSA is nobody's: none is here.
 */
const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { key: 'rsa', hash: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { key: 'rsa', hash: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { key: 'rsa', hash: 'sha512' },
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': {
    key: 'rsa',
    hash: 'sha256',
    pss: true,
  },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { key: 'ec', hash: 'sha256' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { key: 'ec', hash: 'sha384' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { key: 'ec', hash: 'sha512' },
};

const digests: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

const rsaBitsMin = 2048;
const curves = new Set(['prime256v1', 'secp384r1', 'secp521r1']);

export const isAllowedSignature = (uri: string): boolean => Object.hasOwn(signatureAlgorithms, uri);

/** `undefined`: this digest is not taken. */
export function digestOf(uri: string, text: string): Buffer | undefined {
  const hash = Object.hasOwn(digests, uri) ? digests[uri] : undefined;
  return hash === undefined ? undefined : createHash(hash).update(text).digest();
}

/** Whether a certificate's key is of a kind and size that is taken. */
export function isStrongKey(key: KeyObject): boolean {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return modulusLength >= rsaBitsMin;
  return key.asymmetricKeyType === 'ec' && curves.has(namedCurve);
}

/** The key of a certificate (base64 of its DER); `undefined`: it is none, or too weak. */
export function keyOfCertificate(base64: string): KeyObject | undefined {
  try {
    const key = new X509Certificate(Buffer.from(base64, 'base64')).publicKey;
    return isStrongKey(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

interface Signed {
  readonly algorithm: string;
  readonly text: string;
  readonly signature: Buffer;
}

/** Whether one of these certificates signed the text; each verifies only with algorithms of its own kind. */
export function isSignedByOneOf(certificates: readonly string[], signed: Signed): boolean {
  const algorithm = isAllowedSignature(signed.algorithm)
    ? signatureAlgorithms[signed.algorithm]
    : undefined;
  if (!algorithm) return false;
  return certificates.some((certificate) => {
    const key = keyOfCertificate(certificate);
    if (key?.asymmetricKeyType !== algorithm.key) return false;
    const how =
      algorithm.key === 'ec'
        ? ({ key, dsaEncoding: 'ieee-p1363' } as const)
        : {
            key,
            padding: algorithm.pss ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING,
          };
    return verify(algorithm.hash, Buffer.from(signed.text), how, signed.signature);
  });
}
