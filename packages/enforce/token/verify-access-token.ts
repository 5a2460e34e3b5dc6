import {
  calculateJwkThumbprint,
  errors,
  jwtVerify,
  type JWK,
  type JWTPayload,
  type JWTVerifyGetKey,
} from 'jose';
import { err, ok, type Clock, type Result } from '@proofline/kernel';
import { z } from 'zod';
import type { Refusal } from '../refusal.ts';
import { checkConfirmation } from './check-confirmation.ts';
import type { VerifiedTokens } from './verified-tokens.ts';

/** An access token, and what it must be for this enforcement point to accept it, whoever holds it. */
export interface TokenInput {
  readonly token: string;
  /** Where the issuer's public keys come from (`createLocalJWKSet`, `createRemoteJWKSet` of jose). */
  readonly jwks: JWTVerifyGetKey;
  readonly issuer: string;
  /** The one audience that this enforcement point is. */
  readonly audience: string;
  readonly clock: Clock;
  /** Of this issuer, audience and key set alone. Absent: every signature is verified. */
  readonly verifiedTokens?: VerifiedTokens;
}

/** An access token and the key that its request was proved with. */
export interface AccessTokenInput extends TokenInput {
  /** Thumbprint of the key that the request's DPoP proof was signed with. */
  readonly jkt: string;
}

/** The claims of a token that was accepted. */
export interface AccessTokenClaims extends JWTPayload {
  readonly sub: string;
  readonly client_id: string;
}

/** A token that is bound to the key of a service, and that key (RFC 7800 §3.2). */
export interface KeyBoundToken {
  readonly claims: AccessTokenClaims;
  readonly jwk: JWK;
  /** RFC 7638 thumbprint. */
  readonly kid: string;
}

const tokenMaxChars = 8192;
/** Clocks of two machines may differ by this much, in the direction of «not yet» only. */
const skewSeconds = 30;

const coordinate = z.string().regex(/^[A-Za-z0-9_-]{43}$/);
const PublicKey = z.union([
  z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: coordinate }).strict(),
  z
    .object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate })
    .strict(),
]);
// To a key and to nothing else: then it would be good in two ways.
const Bound = z.object({ jwk: PublicKey }).strict();

function oneAudience(payload: JWTPayload, audience: string): boolean {
  const named = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  return named.length === 1 && named[0] === audience;
}

async function payloadOf(input: TokenInput, nowMs: number): Promise<JWTPayload> {
  const { payload } = await jwtVerify(input.token, input.jwks, {
    algorithms: ['ES256', 'EdDSA', 'Ed25519'],
    typ: 'at+jwt',
    issuer: input.issuer,
    audience: input.audience,
    requiredClaims: ['iss', 'aud', 'exp', 'iat', 'sub', 'jti', 'client_id', 'cnf'],
    currentDate: new Date(nowMs),
  });
  input.verifiedTokens?.remember(input.token, payload, nowMs);
  return payload;
}

async function claimsOf(input: TokenInput): Promise<Result<AccessTokenClaims, Refusal>> {
  if (input.token.length > tokenMaxChars) return err({ code: 'token.invalid', check: 'size' });
  const nowMs = input.clock.now();
  let payload: JWTPayload;
  try {
    payload = input.verifiedTokens?.recall(input.token, nowMs) ?? (await payloadOf(input, nowMs));
  } catch (error) {
    // The signature is verified before the times are looked at.
    const check = error instanceof errors.JWTExpired ? 'expired' : 'jwt';
    return err({ code: 'token.invalid', check });
  }
  if (!oneAudience(payload, input.audience)) {
    return err({ code: 'token.invalid', check: 'audience' });
  }
  if (payload.iat! > nowMs / 1000 + skewSeconds) {
    return err({ code: 'token.invalid', check: 'iat' });
  }
  const { sub, client_id: clientId } = payload;
  if (!sub || typeof clientId !== 'string') return err({ code: 'token.invalid', check: 'subject' });
  return ok({ ...payload, sub, client_id: clientId });
}

/**
 * Verifies a DPoP-bound JWT access token (RFC 9068 §4, RFC 9449 §6.1): type `at+jwt`, signature by
 * the issuer, issuer, exactly one audience, expiry without tolerance, and `cnf.jkt`.
 *
 * Answers the claims or a refusal `token.invalid` (`token.proof-invalid` when only the key differs).
 * Never throws for bad input; a key set that cannot be fetched is a refusal as well.
 */
export async function verifyAccessToken(
  input: AccessTokenInput,
): Promise<Result<AccessTokenClaims, Refusal>> {
  const claims = await claimsOf(input);
  if (!claims.ok) return claims;
  const confirmed = checkConfirmation(claims.value['cnf'], { jkt: input.jkt });
  return confirmed.ok ? claims : confirmed;
}

/**
 * The same of a token that is bound to the certificate of its connection alone (`cnf.x5t#S256`, RFC 8705 §3).
 */
export async function verifyCertificateBoundToken(
  input: TokenInput & { readonly thumbprint: string },
): Promise<Result<AccessTokenClaims, Refusal>> {
  const claims = await claimsOf(input);
  if (!claims.ok) return claims;
  const confirmed = checkConfirmation(claims.value['cnf'], { certificate: input.thumbprint });
  return confirmed.ok ? claims : confirmed;
}

/**
 * The same of a token that somebody else holds: whose key it is bound to is not looked at. For an exchange
 * (RFC 8693) of what a program was called with, and for nothing that the token itself opens.
 */
export function verifyUnheldToken(input: TokenInput): Promise<Result<AccessTokenClaims, Refusal>> {
  return claimsOf(input);
}

/**
 * The same of a token that is bound to a service's own key, which it names itself (`cnf.jwk`): its
 * requests are signed with it (RFC 9421). Answers claims and key, or a refusal as above.
 */
export async function verifyKeyBoundToken(
  input: TokenInput,
): Promise<Result<KeyBoundToken, Refusal>> {
  const claims = await claimsOf(input);
  if (!claims.ok) return claims;
  const bound = Bound.safeParse(claims.value['cnf']).data;
  if (!bound) return err({ code: 'token.proof-invalid', check: 'cnf' });
  const kid = await calculateJwkThumbprint(bound.jwk);
  return ok({ claims: claims.value, jwk: bound.jwk, kid });
}
