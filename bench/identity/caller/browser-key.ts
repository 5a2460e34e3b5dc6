import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';

/** A DPoP key as a browser holds it. */
export interface BrowserKey {
  readonly privateKey: KeyObject;
  /** The head of each of its proofs, spelled. */
  readonly head: string;
}

const spell = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A new ES256 key. */
export function makeBrowserKey(): BrowserKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  return { privateKey, head: spell({ alg: 'ES256', typ: 'dpop+jwt', jwk: { kty, crv, x, y } }) };
}

/** A fresh proof for one request (RFC 9449 §4.2). */
export function prove({ head, privateKey }: BrowserKey, htu: string): string {
  const iat = Math.floor(Date.now() / 1_000);
  const signed = `${head}.${spell({ htm: 'POST', htu, jti: randomUUID(), iat })}`;
  const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}

/** S256 (RFC 7636 §4.2). */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
