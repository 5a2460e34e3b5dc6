import type { JWTVerifyGetKey } from 'jose';
import { err, type Clock, type Result } from '@proofline/kernel';
import type { ReplayStore } from '../dpop/replay-store.ts';
import { checkDpopProof, rememberDpopProof } from '../dpop/verify-dpop-proof.ts';
import type { Refusal } from '../refusal.ts';
import type { VerifiedTokens } from './verified-tokens.ts';
import { verifyAccessToken, type AccessTokenClaims } from './verify-access-token.ts';

/** The parts of a request that prove who sends it. */
export interface RequestCredentials {
  readonly method: string;
  /** The full URL that the client asked for. */
  readonly url: string;
  /** The `Authorization` header. */
  readonly authorization: string | null | undefined;
  /** The `DPoP` header. */
  readonly dpop: string | readonly string[] | null | undefined;
}

/** What an enforcement point accepts. */
export interface Acceptance {
  readonly issuer: string;
  readonly audience: string;
  readonly jwks: JWTVerifyGetKey;
  readonly clock: Clock;
  readonly replayStore: ReplayStore;
  /** Spares a signature for a token that was verified less than a second ago. */
  readonly verifiedTokens?: VerifiedTokens;
}

/** The claims of an accepted request, and the token itself for whoever must pass it on. */
export interface AuthenticatedRequest {
  readonly claims: AccessTokenClaims;
  readonly jkt: string;
}

/** `DPoP <token>` → the token. A bearer token is no token here (RFC 9449 §7.1). */
export function dpopTokenOf(authorization: string | null | undefined): string | undefined {
  return /^DPoP ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
}

/**
 * Token and proof of one request, checked together: the proof first, because it says which key the
 * token must be bound to. It is remembered last: a proof by any key is easily made, and only the
 * holder of a token of ours may take room in the replay store.
 */
export async function authenticateRequest(
  credentials: RequestCredentials,
  acceptance: Acceptance,
): Promise<Result<AuthenticatedRequest, Refusal>> {
  const token = dpopTokenOf(credentials.authorization);
  if (token === undefined) {
    const code = credentials.authorization ? 'token.invalid' : 'token.missing';
    return err({ code, check: 'authorization' });
  }
  const { clock, replayStore } = acceptance;
  const proof = await checkDpopProof({
    method: credentials.method,
    url: credentials.url,
    proof: credentials.dpop,
    accessToken: token,
    clock,
  });
  if (!proof.ok) return proof;
  const { jkt } = proof.value;
  const verified = await verifyAccessToken({ token, jkt, ...acceptance });
  if (!verified.ok) return verified;
  const remembered = await rememberDpopProof(proof.value, replayStore);
  return remembered.ok ? { ok: true, value: { claims: verified.value, jkt } } : remembered;
}
