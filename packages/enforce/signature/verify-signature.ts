import { err, ok, type Clock, type Result } from '@proofline/kernel';
import type { JWK } from 'jose';
import type { ReplayStore } from '../dpop/replay-store.ts';
import type { Refusal } from '../refusal.ts';
import { signatureChecks, type SignatureExchange } from './checks.ts';
import type { SignedMessage } from './signature-base.ts';

/** A request that should be signed, and how its key is found. */
export interface SignatureRequest {
  readonly message: SignedMessage;
  readonly clock: Clock;
  /** The public key of that `keyid`; `undefined`: there is none. */
  readonly findKey: (keyid: string) => Promise<JWK | undefined>;
}

/** A signature that holds. */
export interface VerifiedSignature {
  readonly keyid: string;
  readonly nonce: string;
  /** The names of what it covers: `holdsSignedBody` looks there for the digest of the body. */
  readonly covered: readonly string[];
  /** Until when it could be used again, in milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** Whether a request says that it is signed, by a half of a signature as well. */
export function isSigned({ header }: Pick<SignedMessage, 'header'>): boolean {
  return Boolean(header('signature-input')) || Boolean(header('signature'));
}

/**
 * Verifies the signature of a request (RFC 9421 §3.2) and remembers nothing: the caller owes
 * {@link rememberSignature} before it acts, and `holdsSignedBody` once it has the body. Covered must
 * be the method, the target, a token and the digest of a body where there are such.
 *
 * Refuses with `token.proof-missing` or `token.proof-invalid`, with the name of the check that failed;
 * never throws for bad input, but with what `findKey` throws.
 */
export async function checkSignature(
  request: SignatureRequest,
): Promise<Result<VerifiedSignature, Refusal>> {
  if (!isSigned(request.message)) return err({ code: 'token.proof-missing', check: 'well-formed' });
  const exchange: SignatureExchange = {
    ...request,
    input: { items: [], parameters: new Map() },
    signature: new Uint8Array(),
    covered: [],
    keyid: '',
    nonce: '',
    createdSeconds: 0,
    expiresSeconds: 0,
    key: {},
  };
  for (const check of signatureChecks) {
    // Each check builds on those before it, so they cannot run side by side.
    if (!(await check.holds(exchange))) {
      return err({ code: 'token.proof-invalid', check: check.name });
    }
  }
  const { covered, expiresSeconds, keyid, nonce } = exchange;
  return ok({ keyid, nonce, covered, expiresAtMs: (expiresSeconds + 1) * 1000 });
}

/**
 * Remembers a signature that holds (RFC 9421 §7.2.2): refuses with `token.proof-replayed` when it was
 * known, and with `token.proof-invalid` (`replay-store-full`) when there is no room for it.
 */
export async function rememberSignature(
  signature: VerifiedSignature,
  store: ReplayStore,
): Promise<Result<VerifiedSignature, Refusal>> {
  const { expiresAtMs, keyid, nonce } = signature;
  const outcome = await store.remember(`signature:${keyid}:${nonce}`, expiresAtMs);
  if (outcome === 'fresh') return ok(signature);
  return err(
    outcome === 'seen'
      ? { code: 'token.proof-replayed', check: 'nonce' }
      : { code: 'token.proof-invalid', check: 'replay-store-full' },
  );
}
