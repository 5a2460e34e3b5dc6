import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto';
import type { Random } from '@proofline/kernel';
import type { JWK } from 'jose';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals private keys for their row, and opens them there alone. */
export interface KeySealer {
  seal(jwk: JWK, place: readonly string[]): string;
  /** @throws when it was sealed by another key, or for another row */
  open(sealed: string, place: readonly string[]): JWK;
}

/**
 * AES-256-GCM under a key of its own, derived from the key-encryption key (RFC 5869): what seals evidence
 * opens no signing key. The place (tenant, table, kid) is authenticated with it.
 */
export function createKeySealer(kek: Uint8Array, random: Random): KeySealer {
  const key = new Uint8Array(
    hkdfSync('sha256', kek, '', 'proofline sessions: signing keys v1', 32),
  );
  const aad = (place: readonly string[]) => Buffer.from(JSON.stringify(place));
  return {
    seal(jwk, place) {
      const iv = random.bytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(place));
      const body = Buffer.concat([cipher.update(JSON.stringify(jwk)), cipher.final()]);
      return Buffer.concat([iv, body, cipher.getAuthTag()]).toString('base64url');
    },
    open(sealed, place) {
      const bytes = Buffer.from(sealed, 'base64url');
      const end = bytes.length - TAG_BYTES;
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES))
        .setAAD(aad(place))
        .setAuthTag(bytes.subarray(end));
      const text = Buffer.concat([
        decipher.update(bytes.subarray(IV_BYTES, end)),
        decipher.final(),
      ]);
      // Sealed by this module from a JWK.
      return JSON.parse(text.toString()) as JWK;
    },
  };
}
