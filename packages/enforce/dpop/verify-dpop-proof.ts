import { err, ok, type Clock, type Result } from '@proofline/kernel';
import type { Refusal } from '../refusal.ts';
import { dpopChecks, type DpopExchange } from './checks.ts';
import type { ReplayStore } from './replay-store.ts';

/** How far a proof's `iat` may lie from now, and so how long it must be remembered. */
export const proofWindowSeconds = 60;

/** A request with its proof. */
export interface DpopRequest {
  readonly method: string;
  /** The full target URI as the client saw it: scheme, authority, path. */
  readonly url: string;
  /** The `DPoP` header: one value, or all of them where the platform keeps them apart. */
  readonly proof: string | readonly string[] | null | undefined;
  /** The access token that the request carries, to which the proof must be bound (`ath`). */
  readonly accessToken?: string;
  /** A nonce that was asked for (RFC 9449 §9), when one was. */
  readonly nonce?: string;
  readonly clock: Clock;
}

/** A request with its proof, and where proofs are remembered. */
export interface DpopInput extends DpopRequest {
  readonly replayStore: ReplayStore;
}

/** A proof that holds. */
export interface VerifiedProof {
  /** RFC 7638 thumbprint of the key: compare it with the token's `cnf.jkt`. */
  readonly jkt: string;
  readonly jti: string;
  /** Until when it could be used again, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

function proofsOf(proof: DpopInput['proof']): readonly string[] {
  if (proof === null || proof === undefined || proof === '') return [];
  return typeof proof === 'string' ? [proof] : proof;
}

/**
 * Verifies a DPoP proof against its request (RFC 9449 §4.3), and that it is used for the first time
 * (§11.1).
 *
 * Answers the key's thumbprint, or a refusal `token.proof-missing`, `token.proof-invalid` or
 * `token.proof-replayed` with the name of the check that failed. Never throws for bad input. A proof
 * is remembered only after every other check has held. Anybody can make a proof with a key of their
 * own: where a token says which key counts, use {@link checkDpopProof}, verify the token, and only
 * then {@link rememberDpopProof}.
 */
export async function verifyDpopProof(input: DpopInput): Promise<Result<VerifiedProof, Refusal>> {
  const proof = await checkDpopProof(input);
  return proof.ok ? rememberDpopProof(proof.value, input.replayStore) : proof;
}

/**
 * Verifies a DPoP proof against its request (RFC 9449 §4.3) and remembers nothing: the caller owes
 * {@link rememberDpopProof} before it acts. Refuses with `token.proof-missing` or
 * `token.proof-invalid`; never throws for bad input.
 */
export async function checkDpopProof(input: DpopRequest): Promise<Result<VerifiedProof, Refusal>> {
  const proofs = proofsOf(input.proof);
  if (proofs.length === 0) return err({ code: 'token.proof-missing', check: 'one-header' });
  const exchange: DpopExchange = {
    method: input.method,
    url: input.url,
    proofs,
    accessToken: input.accessToken,
    nonce: input.nonce,
    clock: input.clock,
    windowSeconds: proofWindowSeconds,
    header: {},
    payload: {},
    jkt: '',
  };
  for (const check of dpopChecks) {
    // Each check builds on those before it, so they cannot run side by side.
    if (!(await check.holds(exchange))) {
      return err({ code: 'token.proof-invalid', check: check.name });
    }
  }
  const { jkt, payload } = exchange;
  return ok({
    jkt,
    jti: payload.jti!,
    expiresAtMs: (payload.iat! + proofWindowSeconds + 1) * 1000,
  });
}

/**
 * Remembers a proof that holds (RFC 9449 §11.1): refuses with `token.proof-replayed` when it was
 * known, and with `token.proof-invalid` (`replay-store-full`) when there is no room for it.
 */
export async function rememberDpopProof(
  proof: VerifiedProof,
  store: ReplayStore,
): Promise<Result<VerifiedProof, Refusal>> {
  const outcome = await store.remember(`${proof.jkt}:${proof.jti}`, proof.expiresAtMs);
  if (outcome === 'fresh') return ok(proof);
  return err(
    outcome === 'seen'
      ? { code: 'token.proof-replayed', check: 'jti' }
      : { code: 'token.proof-invalid', check: 'replay-store-full' },
  );
}
