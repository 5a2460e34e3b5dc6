import { X509Certificate } from 'node:crypto';
import type { OtherKey } from '@proofline/protocol';

/** The keys besides the issuer's own, and how each is replaced: what cannot be replaced is said to be so. */
export function otherKeys(samlCertificates: readonly string[]): readonly OtherKey[] {
  return [...samlCertificates.map(samlKey), ...always];
}

/** Tools know it by its certificate, which people carry there: so both stand in the metadata for a while. */
function samlKey(certificate: string, index: number): OtherKey {
  const { publicKey, validTo } = new X509Certificate(Buffer.from(certificate, 'base64'));
  const goodUntil = new Date(validTo).toISOString().slice(0, 10);
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? '';
  const isCurrent = index === 0;
  return {
    name: isCurrent ? 'SAML' : 'SAML, the next',
    algorithm: `RSA-SHA-256, ${bits} bits`,
    signs: isCurrent
      ? 'assertions and messages to tools that speak SAML'
      : 'nothing yet: the metadata names it, so that tools know it before',
    rotation: `By PROOFLINE_SAML_KEYS: the first signs, the metadata names all. Its certificate is good until ${goodUntil}.`,
  };
}

const always: readonly OtherKey[] = [
  {
    name: 'Evidence log',
    algorithm: 'Ed25519',
    signs: 'the checkpoints of the evidence log',
    rotation:
      'Does not rotate: whoever checks the log knows it by this key. Another key is another log.',
  },
  {
    name: 'Policy releases',
    algorithm: 'Ed25519',
    signs: 'each release of policies',
    rotation: 'By PROOFLINE_POLICY_SEEDS: the first signs, the others are believed.',
  },
  {
    name: 'Key-encryption key',
    algorithm: 'AES-256-GCM',
    signs: 'nothing: it seals personal fields, and the private halves of the keys above',
    rotation: 'Does not rotate yet. What it sealed opens with it alone.',
  },
  {
    name: 'Cookies of the issuer',
    algorithm: 'HMAC-SHA-256',
    signs: 'the cookies of a sign-in',
    rotation:
      'By PROOFLINE_COOKIE_KEY at a start: whoever is in the middle of a sign-in begins anew.',
  },
  {
    name: 'Witnesses',
    algorithm: 'Ed25519',
    signs: 'nothing: no witness co-signs this log yet',
    rotation: 'There are none.',
  },
];
