import { exportJWK, SignJWT } from 'jose';
import { bytesToBase64url, type Clock, type Random } from '@proofline/kernel';
import { digestBase64url } from '../dpop/digest.ts';

/** A key pair that requests are signed with: ECDSA P-256 or Ed25519, from WebCrypto. */
export interface DpopKeys {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
}

/** What a proof is made for. */
export interface ProofTarget {
  readonly method: string;
  /** The full URL; query and fragment are left out of the proof. */
  readonly url: string;
  readonly accessToken?: string;
  readonly nonce?: string;
}

/** A P-256 key pair whose private half never leaves the platform's key store. */
export async function generateDpopKeys(): Promise<DpopKeys> {
  return crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
}

/** A DPoP proof for one request (RFC 9449 §4.2), to be sent in the `DPoP` header. */
export async function createDpopProof(
  keys: DpopKeys,
  target: ProofTarget,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<string> {
  const url = new URL(target.url);
  const jwk = await exportJWK(keys.publicKey);
  return new SignJWT({
    htm: target.method.toUpperCase(),
    htu: url.origin + url.pathname,
    jti: bytesToBase64url(ports.random.bytes(16)),
    ...(target.accessToken === undefined ? {} : { ath: await digestBase64url(target.accessToken) }),
    ...(target.nonce === undefined ? {} : { nonce: target.nonce }),
  })
    .setProtectedHeader({
      alg: keys.privateKey.algorithm.name === 'ECDSA' ? 'ES256' : 'EdDSA',
      typ: 'dpop+jwt',
      jwk,
    })
    .setIssuedAt(Math.floor(ports.clock.now() / 1000))
    .sign(keys.privateKey);
}
