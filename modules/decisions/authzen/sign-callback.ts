import { newId, type Clock, type Random } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { TokenKeys } from './token-keys.ts';

const TYP = 'authzen-callback+jwt';
/** It is verified when it comes; each attempt has one of its own. */
const GOOD_SECONDS = 60;

/**
 * A bearer token that says that this body was sent by this PDP to this address, once (AuthZEN Callback
 * profile: unauthenticated callbacks are not accepted). Verified with the keys at `jwks_uri`.
 */
export function signCallback(
  { keys, ...ports }: { readonly keys: TokenKeys; readonly clock: Clock; readonly random: Random },
  { endpoint, body }: { readonly endpoint: string; readonly body: string },
): Promise<string> {
  return keys.sign(TYP, {
    aud: endpoint,
    exp: Math.floor(ports.clock.now() / 1000) + GOOD_SECONDS,
    jti: newId('req', ports),
    body_sha256: sha256Base64url(body),
  });
}
