import { calculateJwkThumbprint, exportJWK, SignJWT, type JWK } from 'jose';
import { generateDpopKeys, type DpopKeys } from '@proofline/enforce/client';
import { sha256Base64url } from '@proofline/kernel/node';

/**
 * A key that proves possession (RFC 9449), as a browser or a service holds it. Unlike the product's
 * client it makes any proof that it is asked for, also such as no honest client makes.
 */
export interface DpopKey {
  readonly keys: DpopKeys;
  readonly jwk: JWK;
  readonly thumbprint: string;
  /** A fresh proof for one request. */
  prove(request: {
    method: string;
    url: string;
    accessToken?: string;
    issuedAtSeconds?: number;
    jti?: string;
  }): Promise<string>;
}

/** A new ES256 key. */
export async function createDpopKey(): Promise<DpopKey> {
  const keys = await generateDpopKeys();
  const jwk = await exportJWK(keys.publicKey);
  return {
    keys,
    jwk,
    thumbprint: await calculateJwkThumbprint(jwk),
    prove: ({ method, url, accessToken, issuedAtSeconds, jti }) =>
      new SignJWT({
        htm: method,
        htu: url.split(/[?#]/)[0],
        jti: jti ?? crypto.randomUUID(),
        ...(accessToken === undefined ? {} : { ath: sha256Base64url(accessToken) }),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt(issuedAtSeconds)
        .sign(keys.privateKey),
  };
}
