import { timingSafeEqual } from 'node:crypto';
import type { Id } from '@proofline/kernel';
import { sha256Base64url } from '@proofline/kernel/node';

/** What somebody who comes to a request has: the secret of the message's link, or their own session. */
export type RequestKey =
  | { readonly linkSecret: string | undefined }
  | { readonly customerId: Id<'cus'> };

/** A request's side of the lock. */
interface Lock {
  /** Whom it went to; `undefined`: nobody. */
  readonly customerId: Id<'cus'> | undefined;
  /** {@link digestOfLink}; `null`: no message was ever meant to be sent. */
  readonly linkDigest: string | null;
}

/** Of the form of a digest; nobody knows what it would be the digest of. */
const NO_DIGEST = 'A'.repeat(43);

/** What is kept of a link's secret: SHA-256. 32 random bytes need no salt and no slow hash. */
export function digestOfLink(secret: string): string {
  return sha256Base64url(secret);
}

/**
 * Whether the key fits. The id is no part of it: the agent's panel shows that. A request that does
 * not exist is looked at with the same work as one whose secret is wrong (P9).
 */
export function fits(key: RequestKey, lock: Lock | undefined): boolean {
  if ('customerId' in key) return lock?.customerId === key.customerId;
  const digest = lock?.linkDigest ?? undefined;
  const given = Buffer.from(digestOfLink(key.linkSecret ?? ''));
  const isSame = timingSafeEqual(given, Buffer.from(digest ?? NO_DIGEST));
  return isSame && digest !== undefined;
}
