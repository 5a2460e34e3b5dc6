import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { base64urlToBytes } from '@proofline/kernel';

// RFC 8410 §7: an Ed25519 private key in PKCS #8 is this prefix and the 32 bytes of the seed.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Both halves of an Ed25519 key. */
export interface KeyPair {
  readonly privateKey: KeyObject;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

/**
 * The key pair of a 32-byte seed (RFC 8032 §5.1.5).
 *
 * @throws RangeError when the seed has another length.
 */
export function keyPairOf(seed: Uint8Array): KeyPair {
  if (seed.length !== 32) throw new RangeError('the seed of an Ed25519 key has 32 bytes');
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' });
  const publicKey = base64urlToBytes(x ?? '');
  if (!publicKey) throw new RangeError('the seed gives no Ed25519 key');
  return { privateKey, publicKey };
}
