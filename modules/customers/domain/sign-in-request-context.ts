import { canonicalJson, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { CustomerSignInRequest } from '@proofline/protocol';

/**
 * What a customer signs to let an application sign them in elsewhere, and to agree to what it learns: the
 * SHA-256 of its RFC 8785 text is the challenge. So the proof is of one customer, in one session, for one
 * request as they read it.
 */
// A type alias, not an interface: only that is assignable to a JSON object.
export type SignInRequestContext = {
  readonly version: 1;
  readonly purpose: 'allow-sign-in-request';
  readonly tenant: string;
  readonly realm: 'customers';
  readonly rpId: string;
  readonly customerId: Id<'cus'>;
  readonly sessionId: Id<'ses'>;
  readonly request: CustomerSignInRequest;
  /** Random, base64url. */
  readonly nonce: string;
};

/** The challenge for a context, base64url. */
export function challengeOf(context: SignInRequestContext): string {
  return sha256Base64url(canonicalJson(context));
}
