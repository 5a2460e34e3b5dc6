import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT, type JWK } from 'jose';
import { sha256Base64url } from '@proofline/kernel/node';

/** A key that proves possession (RFC 9449), as a browser or a service holds it. */
export interface DpopKey {
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
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = await exportJWK(publicKey);
  return {
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
        .sign(privateKey),
  };
}
