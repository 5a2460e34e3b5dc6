import type { Id } from '@proofline/kernel';

/** What a request of the browser’s own comes to. */
export type Outcome =
  /** The key was shown: a fresh cookie. */
  | { readonly kind: 'bound'; readonly sessionId: Id<'ses'> }
  /** A challenge to sign first, because none came, or one that is not good (any more). */
  | { readonly kind: 'challenged'; readonly sessionId: Id<'ses'> }
  /** The session is over: the browser forgets it. */
  | { readonly kind: 'ended' }
  | { readonly kind: 'refused' };
