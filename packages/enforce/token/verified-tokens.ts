import type { JWTPayload } from 'jose';

/**
 * How long a signature that was verified stands for the next request with the same token: a key that
 * its issuer withdraws is heard of in less than that.
 */
const REMEMBERED_MS = 1_000;
const TOKENS_MAX = 1_000;

/**
 * Tokens whose signature, issuer and audience were verified a moment ago. For one issuer, one audience
 * and one key set; times and the key of the request are checked each time all the same.
 */
export interface VerifiedTokens {
  /** The token's claims, while they may stand. */
  recall(token: string, nowMs: number): JWTPayload | undefined;
  remember(token: string, payload: JWTPayload, nowMs: number): void;
}

/** @see VerifiedTokens */
export function createVerifiedTokens(): VerifiedTokens {
  const known = new Map<string, { readonly payload: JWTPayload; readonly atMs: number }>();
  return {
    recall(token, nowMs) {
      const one = known.get(token);
      if (!one) return undefined;
      const ageMs = nowMs - one.atMs;
      // RFC 9068 §4: never after `exp`. And a clock that went back says nothing about an age.
      const stands =
        ageMs >= 0 && ageMs < REMEMBERED_MS && (one.payload.exp ?? 0) > Math.floor(nowMs / 1000);
      if (!stands) known.delete(token);
      return stands ? one.payload : undefined;
    },
    remember(token, payload, nowMs) {
      known.set(token, { payload, atMs: nowMs });
      for (const oldest of known.keys()) {
        if (known.size <= TOKENS_MAX) return;
        known.delete(oldest);
      }
    },
  };
}
