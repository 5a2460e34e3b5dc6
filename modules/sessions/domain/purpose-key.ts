import { hkdfSync } from 'node:crypto';

/** A key of its own for one purpose, derived from the key-encryption key (RFC 5869): one opens nothing of another. */
export function purposeKey(kek: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', kek, '', purpose, 32));
}
