import { bytesToBase64url, type Clock, type Random } from '@proofline/kernel';
import { exportJWK, SignJWT } from 'jose';
import { digestBase64url } from './digest.ts';

export interface DpopRequest {
  readonly method: string;
  readonly url: string;
  /** Bound by `ath` when the proof goes with a token (RFC 9449 §4.2). */
  readonly accessToken?: string | undefined;
}

/** Makes proofs of possession for one key, and remembers the nonces that servers ask for. */
export interface DpopSigner {
  proof(request: DpopRequest): Promise<string>;
  /** Takes over a `DPoP-Nonce` header (RFC 9449 §8.2); true when it is a new one. */
  noteNonce(url: string, response: Response): boolean;
}

/** A {@link DpopSigner} on a key that stays where it is. */
export async function createDpopSigner(
  keys: CryptoKeyPair,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<DpopSigner> {
  const jwk = await exportJWK(keys.publicKey);
  const nonces = new Map<string, string>();

  return {
    async proof({ method, url, accessToken }) {
      const target = new URL(url);
      const nonce = nonces.get(target.origin);
      return new SignJWT({
        jti: bytesToBase64url(ports.random.bytes(16)),
        htm: method.toUpperCase(),
        // RFC 9449 §4.2: without query and fragment.
        htu: target.origin + target.pathname,
        ...(nonce ? { nonce } : {}),
        ...(accessToken ? { ath: await digestBase64url(accessToken) } : {}),
      })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt(Math.floor(ports.clock.now() / 1000))
        .sign(keys.privateKey);
    },
    noteNonce(url, response) {
      const nonce = response.headers.get('dpop-nonce');
      const { origin } = new URL(url);
      if (!nonce || nonces.get(origin) === nonce) return false;
      nonces.set(origin, nonce);
      return true;
    },
  };
}
