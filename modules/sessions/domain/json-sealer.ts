import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Random } from '@proofline/kernel';
import { purposeKey } from './purpose-key.ts';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Seals values for their row, and opens them there alone. */
export interface JsonSealer<Value> {
  seal(value: Value, place: readonly string[]): string;
  /** @throws when it was sealed by another key, or for another row */
  open(sealed: string, place: readonly string[]): Value;
}

/**
 * AES-256-GCM under a key of its own, derived from the key-encryption key (RFC 5869) for one purpose: what
 * seals one kind opens no other. The place (tenant, table, id) is authenticated with it.
 */
export function createJsonSealer<Value>(
  kek: Uint8Array,
  random: Random,
  purpose: string,
): JsonSealer<Value> {
  const key = purposeKey(kek, purpose);
  const aad = (place: readonly string[]) => Buffer.from(JSON.stringify(place));
  return {
    seal(value, place) {
      const iv = random.bytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(aad(place));
      const body = Buffer.concat([cipher.update(JSON.stringify(value)), cipher.final()]);
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
      // Sealed under this purpose, by which only such values are.
      return JSON.parse(text.toString()) as Value;
    },
  };
}
