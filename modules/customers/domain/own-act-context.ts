import { canonicalJson, type Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { OwnAct } from '@proofline/protocol';

/**
 * What a customer signs to change their own passkeys: the SHA-256 of its RFC 8785 text is the
 * challenge. So the proof is of one customer, in one session, for one change, once, until then.
 */
// A type alias, not an interface: only that is assignable to a JSON object.
export type OwnActContext = {
  readonly version: 1;
  readonly purpose: 'change-own-authenticators';
  readonly tenant: string;
  readonly realm: 'customers';
  readonly rpId: string;
  readonly customerId: Id<'cus'>;
  readonly sessionId: Id<'ses'>;
  readonly act: OwnAct;
  /** Random, base64url. */
  readonly nonce: string;
  readonly expiresAt: string;
};

/** The challenge for a context, base64url. */
export function challengeOf(context: OwnActContext): string {
  return sha256Base64url(canonicalJson(context));
}
