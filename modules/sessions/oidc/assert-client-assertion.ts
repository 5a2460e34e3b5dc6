import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** What a client says of itself in its assertion. */
interface Said {
  readonly aud?: unknown;
  readonly exp?: unknown;
}

/** Clocks differ, and a queue may hold a request for a while; nothing good needs longer. */
const goodForSeconds = 300;

/**
 * What the library leaves to its host about `private_key_jwt` (RFC 7523 §3). An assertion that is good
 * for weeks would have to be remembered for weeks, and be worth stealing for as long.
 *
 * @throws errors.InvalidClientAuth
 */
export function assertClientAssertion(ctx: KoaContextWithOIDC, said: Said, nowMs: number): void {
  // FAPI 2.0 §5.3.2.1. The library's own check, which ours takes the place of.
  if (ctx.oidc.isFapi('2.0') && said.aud !== ctx.oidc.issuer) {
    throw new errors.InvalidClientAuth('audience (aud) must equal the issuer identifier url');
  }
  if (Number(said.exp) - nowMs / 1000 > goodForSeconds) {
    throw new errors.InvalidClientAuth(`exp must be at most ${goodForSeconds} seconds ahead`);
  }
}
