import { canonicalJson } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';
import type { ConsentTerms } from '@proofline/sessions';

/**
 * What a customer signs to sign in to an application: the SHA-256 of its RFC 8785 text is the challenge. So
 * the proof is of one page in one browser, of these very terms, once, until then. Whose it is, the passkey says.
 */
// A type alias, not an interface: only that is assignable to a JSON object.
export type ApplicationSignInContext = {
  readonly version: 1;
  readonly purpose: 'sign-in-to-application';
  readonly tenant: string;
  readonly realm: 'customers';
  readonly rpId: string;
  /** SHA-256 of the page’s own id, base64url: the id opens the page. */
  readonly page: string;
  readonly terms: ConsentTerms;
  /** Random, base64url. */
  readonly nonce: string;
  readonly expiresAt: string;
};

/** The challenge for a context, base64url. */
export function challengeOf(context: ApplicationSignInContext): string {
  return sha256Base64url(canonicalJson(context));
}

/** A page as it is signed. */
export const pageOf = (uid: string): string => sha256Base64url(uid);
