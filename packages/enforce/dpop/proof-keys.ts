import { calculateJwkThumbprint, importJWK, type CryptoKey, type JWK } from 'jose';

/** The key that a proof brings with it, ready to verify. */
export interface ProofKey {
  readonly key: CryptoKey;
  /** RFC 7638. */
  readonly jkt: string;
}

const KEYS_MAX = 500;
const known = new Map<string, Promise<ProofKey>>();

/**
 * Reads the public key in a proof's header. A caller signs every proof with the same key, and to read
 * one costs half of what verifying does: those that were read last are kept. They are public, and which
 * of them counts is the token's to say.
 *
 * @throws TypeError or an error of jose when it is not a public key for this algorithm
 */
export function proofKeyOf(jwk: JWK, alg: string): Promise<ProofKey> {
  const { kty, crv, x, y } = jwk;
  const name = JSON.stringify([alg, kty, crv, x, y]);
  const found = known.get(name);
  if (found) return found;
  // Of these members alone: whatever else a header says of the key changes nothing.
  const read = readKey(
    { ...(kty && { kty }), ...(crv && { crv }), ...(x && { x }), ...(y && { y }) },
    alg,
  );
  known.set(name, read);
  read.catch(() => known.delete(name));
  for (const oldest of known.keys()) {
    if (known.size <= KEYS_MAX) break;
    known.delete(oldest);
  }
  return read;
}

async function readKey(jwk: JWK, alg: string): Promise<ProofKey> {
  const key = await importJWK(jwk, alg);
  if (key instanceof Uint8Array || key.type !== 'public') throw new TypeError('no public key');
  return { key, jkt: await calculateJwkThumbprint(jwk) };
}
