import { createPublicKey, type KeyObject } from 'node:crypto';
import { bytesToBase64url, bytesToHex } from '@proofline/kernel';
import { sha256 } from '@proofline/kernel/node';
import { fromBase64, toBase64 } from './base64.ts';

/** Signature types of C2SP signed-note that are made by an Ed25519 key (RFC 8032). */
export type Ed25519Use = 'note' | 'cosignature';

const TYPES: Readonly<Record<Ed25519Use, number>> = { note: 0x01, cosignature: 0x04 };
const PUBLIC_KEY_BYTES = 32;

/** A public key with its name, for one use: `name+hash+key` (C2SP signed-note, «Verifier keys»). */
export interface NamedKey {
  /** Who signs; for a log, its origin. */
  readonly name: string;
  /** First 4 bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key): says which key, authenticates nothing. */
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
  /** The key as one line of text. */
  readonly text: string;
  /** SHA-256 of the type and the key in hex, for people to compare. */
  readonly fingerprint: string;
}

/** Reads `name+hash+key` of this use; `undefined` when it is malformed, or its hash is not its own. */
export function parseNamedKey(
  use: Ed25519Use,
  text: string,
): { readonly name: string; readonly publicKey: Uint8Array } | undefined {
  const match = /^([^+\s]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text);
  if (!match || !isKeyName(match[1]!)) return undefined;
  const [, name = '', keyId, encoded = ''] = match;
  const typed = fromBase64(encoded);
  if (typed?.length !== 1 + PUBLIC_KEY_BYTES || typed[0] !== TYPES[use]) return undefined;
  const publicKey = typed.subarray(1);
  return bytesToHex(namedKey(use, name, publicKey).keyId) === keyId
    ? { name, publicKey }
    : undefined;
}

/** @throws RangeError for a name that C2SP does not allow, or a key that is not 32 bytes. */
export function namedKey(use: Ed25519Use, name: string, publicKey: Uint8Array): NamedKey {
  if (!isKeyName(name)) throw new RangeError('a key name has no spaces and no plus sign');
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new RangeError('an Ed25519 key has 32 bytes');
  const typed = Uint8Array.of(TYPES[use], ...publicKey);
  const keyId = sha256(Buffer.concat([Buffer.from(`${name}\n`), typed])).subarray(0, 4);
  return {
    name,
    keyId,
    publicKey,
    text: `${name}+${bytesToHex(keyId)}+${toBase64(typed)}`,
    fingerprint: bytesToHex(sha256(typed)),
  };
}

/** The key as Node verifies with it. */
export function ed25519Key(publicKey: Uint8Array): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: bytesToBase64url(publicKey) };
  return createPublicKey({ key: jwk, format: 'jwk' });
}

/** Whether a text may name a key: not empty, no Unicode spaces, no plus (C2SP signed-note). */
export function isKeyName(text: string): boolean {
  return /^[^\s+\p{C}]{1,200}$/u.test(text);
}
