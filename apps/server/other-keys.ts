import type { OtherKey } from '@proofline/protocol';

/** The keys besides the issuer's own, and how each is replaced: what cannot be replaced is said to be so. */
export const otherKeys: readonly OtherKey[] = [
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
