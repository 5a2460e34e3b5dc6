import type { ProblemCode } from '@proofline/protocol';

/** Why a credential was not accepted. */
export interface Refusal {
  /** The code that leaves the process. */
  readonly code: Extract<ProblemCode, `token.${string}`>;
  /** The check that failed, for logs and tests; safe to log, never carries the credential. */
  readonly check: string;
}
