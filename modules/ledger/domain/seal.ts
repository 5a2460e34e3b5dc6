import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import type { Random } from '@proofline/kernel';

const IV_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** What was sealed, or what it was sealed for, is not what it was. */
export class SealError extends Error {
  constructor(what: string) {
    super(`the seal of ${what} is broken`);
    this.name = 'SealError';
  }
}

/**
 * A key as the platform holds it: made once, because to read it from bytes costs several times what
 * sealing a field does.
 */
export type SealKey = KeyObject;

/** Seals and opens with the key-encryption key and with what it protects. */
export interface Sealer {
  /** A fresh data key, and the same sealed for `place`. */
  newKey(place: readonly string[]): { readonly key: SealKey; readonly sealed: Uint8Array };
  /** @throws SealError */
  openKey(sealed: Uint8Array, place: readonly string[]): SealKey;
  seal(key: SealKey, text: string, place: readonly string[]): Uint8Array;
  /** @throws SealError */
  open(key: SealKey, sealed: Uint8Array, place: readonly string[]): string;
  /** Proves that a row was written by whoever holds the key-encryption key. */
  mac(parts: readonly string[]): string;
  isMac(mac: string, parts: readonly string[]): boolean;
}

/**
 * AES-256-GCM and HMAC-SHA-256 under keys derived from the key-encryption key (HKDF, RFC 5869).
 * `place` (tenant, table, row) is authenticated with the data: a sealed value that is moved to
 * another row does not open there.
 *
 * @throws RangeError when the key-encryption key has not 32 bytes.
 */
export function createSealer(kek: Uint8Array, random: Random): Sealer {
  if (kek.length !== KEY_BYTES) throw new RangeError('the key-encryption key has 32 bytes');
  const wrapping = derive(kek, 'proofline ledger: data keys v1');
  const authenticating = derive(kek, 'proofline ledger: rows v1');
  const macOf = (parts: readonly string[]) =>
    createHmac('sha256', authenticating).update(JSON.stringify(parts)).digest();
  return {
    newKey: (place) => {
      const key = random.bytes(KEY_BYTES);
      const sealed = encrypt(wrapping, key, { place, random });
      return { key: createSecretKey(key), sealed };
    },
    openKey: (sealed, place) => createSecretKey(decrypt(wrapping, sealed, place)),
    seal: (key, text, place) => encrypt(key, Buffer.from(text), { place, random }),
    open: (key, sealed, place) => decrypt(key, sealed, place).toString(),
    mac: (parts) => macOf(parts).toString('base64url'),
    isMac: (mac, parts) => {
      const given = Buffer.from(mac, 'base64url');
      const right = macOf(parts);
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
}

function derive(kek: Uint8Array, purpose: string): SealKey {
  return createSecretKey(Buffer.from(hkdfSync('sha256', kek, '', purpose, KEY_BYTES)));
}

function encrypt(
  key: SealKey,
  data: Uint8Array,
  { place, random }: { readonly place: readonly string[]; readonly random: Random },
): Uint8Array {
  const iv = random.bytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(JSON.stringify(place)));
  const body = Buffer.concat([cipher.update(data), cipher.final()]);
  return Buffer.concat([iv, body, cipher.getAuthTag()]);
}

function decrypt(key: SealKey, sealed: Uint8Array, place: readonly string[]): Buffer {
  const end = sealed.length - TAG_BYTES;
  if (end < IV_BYTES) throw new SealError(place.join(' '));
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, IV_BYTES));
  decipher.setAAD(Buffer.from(JSON.stringify(place)));
  decipher.setAuthTag(sealed.subarray(end));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES, end)), decipher.final()]);
  } catch {
    throw new SealError(place.join(' '));
  }
}
