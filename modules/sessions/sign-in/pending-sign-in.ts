import type { Id } from '@proofline/kernel';

/** What the issuer is waiting for on the sign-in page. */
export interface PendingSignIn {
  readonly uid: string;
  readonly kind: 'login' | 'step-up';
  readonly acrValues: readonly string[];
  readonly maxAgeSeconds?: number;
  /** Who is signed in in this browser, if anybody. */
  readonly subjectId?: Id<'stf'>;
  readonly oidcUid?: string;
  /** The key with which the console asked for this page. */
  readonly consoleKey?: string;
}
