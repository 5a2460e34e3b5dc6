import type { AssertionOptionsJson } from './types.ts';

interface AssertionOptionsInput {
  readonly rpId: string;
  /** At least 16 random bytes as base64url, used once; or SHA-256 of what is to be signed. */
  readonly challenge: string;
  /** Credential ids that may answer; empty: whichever discoverable credential the person picks. */
  readonly allow: readonly string[];
  /** Only what is brought along, a security key or a phone: nothing is left on this machine (§5.4.4, §5.8.7). */
  readonly isBroughtAlong?: boolean;
  /** How long the browser waits, in milliseconds; default five minutes. */
  readonly timeoutMs?: number;
}

/**
 * Options for an assertion: user verification is required, always.
 *
 * Source: WebAuthn L3 §5.5. The answer goes to `verifyAssertion`.
 */
export function assertionOptions(input: AssertionOptionsInput): AssertionOptionsJson {
  return {
    rpId: input.rpId,
    challenge: input.challenge,
    timeout: input.timeoutMs ?? 300_000,
    allowCredentials: input.allow.map((id) => ({ type: 'public-key', id })),
    userVerification: 'required',
    ...(input.isBroughtAlong === true && { hints: ['security-key', 'hybrid'] }),
  };
}
