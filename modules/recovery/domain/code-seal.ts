import { scrypt, timingSafeEqual } from 'node:crypto';
import { base64urlToBytes, bytesToBase64url } from '@proofline/kernel';

// 32 MiB and about a tenth of a second for each guess; the code itself has 125 bits (RFC 7914 §2).
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;
const HASH_BYTES = 32;

/** A salted slow hash of a recovery code: all of it that is kept. */
export interface CodeSeal {
  readonly salt: string;
  readonly hash: string;
}

/** Seals a code with a fresh salt of 16 bytes. */
export async function sealCode(code: string, salt: Uint8Array): Promise<CodeSeal> {
  return { salt: bytesToBase64url(salt), hash: bytesToBase64url(await slowHash(code, salt)) };
}

/** Compares; takes as long where there is nothing to compare with. */
export async function isSealedCode(code: string, seal: CodeSeal | undefined): Promise<boolean> {
  const salt = base64urlToBytes(seal?.salt ?? '') ?? new Uint8Array(16);
  const expected = base64urlToBytes(seal?.hash ?? '') ?? new Uint8Array(HASH_BYTES);
  const given = await slowHash(code, salt);
  const isSame = expected.length === given.length && timingSafeEqual(given, expected);
  return seal !== undefined && isSame;
}

function slowHash(code: string, salt: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    scrypt(code, salt, HASH_BYTES, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
