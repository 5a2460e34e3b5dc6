import type { JWTVerifyGetKey } from 'jose';
import { err, ok, type Clock, type Result } from '@proofline/kernel';
import type { ReplayStore } from '../dpop/replay-store.ts';
import { checkDpopProof, rememberDpopProof } from '../dpop/verify-dpop-proof.ts';
import type { Refusal } from '../refusal.ts';
import type { SignedMessage } from '../signature/signature-base.ts';
import { checkSignature, isSigned, rememberSignature } from '../signature/verify-signature.ts';
import type { VerifiedTokens } from './verified-tokens.ts';
import { certificateThumbprint } from './check-confirmation.ts';
import {
  verifyAccessToken,
  verifyCertificateBoundToken,
  verifyKeyBoundToken,
  type AccessTokenClaims,
} from './verify-access-token.ts';

/** The parts of a request that prove who sends it. */
export interface RequestCredentials {
  readonly method: string;
  /** The full URL that the client asked for. */
  readonly url: string;
  /** The `Authorization` header. */
  readonly authorization: string | null | undefined;
  /** The `DPoP` header. */
  readonly dpop: string | readonly string[] | null | undefined;
  /**
   * Every header of the request, by its name in lower case. Absent: no signature is looked for, and
   * none counts.
   */
  readonly header?: SignedMessage['header'];
  /**
   * The DER of the certificate whose key has signed in the handshake of this very connection (RFC 8705).
   * Whoever passes one on answers for where it comes from. Absent: none was shown, or none is looked at.
   */
  readonly certificate?: Uint8Array<ArrayBuffer> | undefined;
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

/** The claims of an accepted request, and what it was proved with. */
export type AuthenticatedRequest = {
  readonly claims: AccessTokenClaims;
  /** RFC 7638 thumbprint of the key; of a certificate its own (`x5t#S256`). */
  readonly jkt: string;
} & (
  | { readonly provedBy: 'dpop' | 'certificate' }
  /** Of its body nothing is known before `holdsSignedBody` has looked at it. */
  | { readonly provedBy: 'signature'; readonly covered: readonly string[] }
);

/** `DPoP <token>` → the token. A bearer token is no token here (RFC 9449 §7.1). */
export function dpopTokenOf(authorization: string | null | undefined): string | undefined {
  return /^DPoP ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
}

/** As for tokens that are bound to a certificate (RFC 8705 §3): the scheme is `Bearer`, and nobody’s who bears it. */
function keyBoundTokenOf(authorization: string | null | undefined): string | undefined {
  return /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(authorization ?? '')?.[1];
}

/**
 * Token and proof of one request, checked together. A DPoP proof comes first, because it says which key
 * the token must be bound to; of a signed request (RFC 9421) the token, because it names the key. Either
 * is remembered last: a proof by any key is easily made, and only the holder of a token of ours may take
 * room in the replay store. A request with both is refused: one of them would not be looked at.
 */
export async function authenticateRequest(
  credentials: RequestCredentials,
  acceptance: Acceptance,
): Promise<Result<AuthenticatedRequest, Refusal>> {
  const { header } = credentials;
  if (header !== undefined && isSigned({ header })) {
    if (credentials.dpop) return err({ code: 'token.proof-invalid', check: 'two-proofs' });
    return authenticateSigned({ ...credentials, header }, acceptance);
  }
  const token = dpopTokenOf(credentials.authorization);
  const { certificate, dpop } = credentials;
  if (token === undefined && certificate && !dpop)
    return authenticateCertified(credentials.authorization, certificate, acceptance);
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
  return remembered.ok ? ok({ claims: verified.value, jkt, provedBy: 'dpop' }) : remembered;
}

/** The connection itself is the proof: nobody can repeat it, so there is nothing to remember. */
async function authenticateCertified(
  authorization: RequestCredentials['authorization'],
  certificate: Uint8Array<ArrayBuffer>,
  acceptance: Acceptance,
): Promise<Result<AuthenticatedRequest, Refusal>> {
  const token = keyBoundTokenOf(authorization);
  if (token === undefined) {
    const code = authorization ? 'token.invalid' : 'token.missing';
    return err({ code, check: 'authorization' });
  }
  const thumbprint = await certificateThumbprint(certificate);
  const verified = await verifyCertificateBoundToken({ token, thumbprint, ...acceptance });
  if (!verified.ok) return verified;
  return ok({ claims: verified.value, jkt: thumbprint, provedBy: 'certificate' });
}

async function authenticateSigned(
  credentials: RequestCredentials & SignedMessage,
  acceptance: Acceptance,
): Promise<Result<AuthenticatedRequest, Refusal>> {
  const token = keyBoundTokenOf(credentials.authorization);
  if (token === undefined) {
    const code = credentials.authorization ? 'token.invalid' : 'token.missing';
    return err({ code, check: 'authorization' });
  }
  const verified = await verifyKeyBoundToken({ token, ...acceptance });
  if (!verified.ok) return verified;
  const { claims, jwk, kid } = verified.value;
  const { method, url, header } = credentials;
  const signature = await checkSignature({
    message: { method, url, header },
    clock: acceptance.clock,
    findKey: async (keyid) => (keyid === kid ? jwk : undefined),
  });
  if (!signature.ok) return signature;
  const remembered = await rememberSignature(signature.value, acceptance.replayStore);
  if (!remembered.ok) return remembered;
  return ok({ claims, jkt: kid, provedBy: 'signature', covered: signature.value.covered });
}
