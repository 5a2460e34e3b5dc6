import { createHash } from 'node:crypto';
import { bytesToBase64url } from './bytes.ts';

/** SHA-256 (FIPS 180-4) of bytes, or of a text's UTF-8 bytes: 32 bytes. */
export function sha256(data: Uint8Array | string): Uint8Array {
  return new Uint8Array(createHash('sha256').update(data).digest());
}

/** {@link sha256} as base64url, 43 characters. */
export function sha256Base64url(data: Uint8Array | string): string {
  return bytesToBase64url(sha256(data));
}
