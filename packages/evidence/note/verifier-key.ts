import { verify as verifySignature } from 'node:crypto';
import { ed25519Key, namedKey, parseNamedKey, type NamedKey } from './named-key.ts';

/** A key that checks notes: `name+hash+key` (C2SP signed-note, «Verifier keys», type 0x01). */
export interface VerifierKey extends NamedKey {
  /** Whether an Ed25519 signature over these bytes is this key's. */
  verify(message: Uint8Array, signature: Uint8Array): boolean;
}

/** Reads `name+hash+key`; `undefined` when it is malformed or its hash is not that of its key. */
export function parseVerifierKey(text: string): VerifierKey | undefined {
  const parsed = parseNamedKey('note', text);
  return parsed && verifierKey(parsed.name, parsed.publicKey);
}

/**
 * The verifier key of a name and a raw Ed25519 public key.
 *
 * @throws RangeError for a name that C2SP does not allow, or a key that is not 32 bytes.
 */
export function verifierKey(name: string, publicKey: Uint8Array): VerifierKey {
  const key = ed25519Key(publicKey);
  return {
    ...namedKey('note', name, publicKey),
    verify: (message, signature) =>
      signature.length === 64 && verifySignature(null, message, key, signature),
  };
}
