import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { bytesToBase64url, bytesToHex } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';
import { fromBase64, toBase64 } from './base64.ts';

/** Signature type of C2SP signed-note for Ed25519 (RFC 8032). */
const ED25519_TYPE = 0x01;
const PUBLIC_KEY_BYTES = 32;

/** A key that checks notes: `name+hash+key` (C2SP signed-note, «Verifier keys»). */
export interface VerifierKey {
  /** Who signs; for a log, its origin. */
  readonly name: string;
  /** First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key): says which key, authenticates nothing. */
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
  /** The key as one line of text. */
  readonly text: string;
  /** SHA-256 of the type and the key in hex, for people to compare. */
  readonly fingerprint: string;
  /** Whether an Ed25519 signature over these bytes is this key's. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

/** Reads `name+hash+key`; `undefined` when it is malformed or its hash is not that of its key. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const match = /^([^+\s]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!match) return undefined;
  const [, name, keyId, encoded] = match;
  const typed = fromBase64(encoded!);
  if (typed?.length !== 1 + PUBLIC_KEY_BYTES || typed[0] !== ED25519_TYPE) return undefined;
  const key = verifierKey(name!, typed.subarray(1));
  return bytesToHex(key.keyId) === keyId ? key : undefined;
}

/**
 * The verifier key of a name and a raw Ed25519 public key.
 *
 * @throws RangeError for a name that C2SP does not allow, or a key that is not 32 bytes.
 */
export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new RangeError('a key name has no spaces and no plus sign');
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError('an Ed25519 key has 32 bytes');
  const typed = Uint8Array.of(ED25519_TYPE, ...publicKey);
  const keyId = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: bytesToBase64url(publicKey) },
    format: 'jwk',
  });
  return {
    name,
    keyId,
    publicKey,
    text: `${name}+${bytesToHex(keyId)}+${toBase64(typed)}`,
    fingerprint: bytesToHex(sha256(typed)),
    verify: (message, signature) =>
      signature.length === 64 && verifySignature(null, message, key, signature),
  };
}

/** Whether a text may name a key: not empty, no Unicode spaces, no plus (C2SP signed-note). */
export function isKeyName(text: string): boolean {
  return /^[^\s+\p{C}]{1,200}$/u.test(text);
}
