import { sha256Base64url } from '@proofline/kernel/node';
import { allowedAlgorithms } from './checks/algorithm.ts';
import type { RegistrationOptionsJson } from './types.ts';

interface RegistrationOptionsInput {
  readonly rp: { readonly id: string; readonly name: string };
  readonly user: {
    /** 16 to 64 random bytes as base64url: an opaque handle, never an id or a name (WebAuthn L3 §14.6.1). */
    readonly handle: string;
    readonly name: string;
    readonly displayName: string;
  };
  /** At least 16 random bytes as base64url, used once (WebAuthn L3 §13.4.3). */
  readonly challenge: string;
  /** Credential ids that the subject has already. */
  readonly exclude: readonly string[];
  /** `direct` asks for a hardware statement; `none` (default) asks the person for nothing more. */
  readonly attestation?: 'none' | 'direct';
  /** Only what is brought along, a security key or a phone: nothing is left on this machine (§5.4.4, §5.8.7). */
  readonly isBroughtAlong?: boolean;
  /** How long the browser waits, in milliseconds; default five minutes. */
  readonly timeoutMs?: number;
}

/**
 * The user handle of one ceremony: a fresh one each time, of the subject's own random handle.
 *
 * A device replaces a passkey of the same site and the same handle without asking (WebAuthn L3
 * §6.3.2 step 7). When two prompts of one person are open, the server could take the passkey that the
 * device has just thrown away, and lock the person out for good. Two handles, and both stay.
 */
export function ceremonyUserHandle(subjectHandle: string, ceremonyId: string): string {
  return sha256Base64url(`${subjectHandle}.${ceremonyId}`);
}

/**
 * Options for registering a passkey: discoverable, and with user verification, always.
 *
 * Source: WebAuthn L3 §5.4. The answer goes to `verifyRegistration`.
 */
export function registrationOptions(input: RegistrationOptionsInput): RegistrationOptionsJson {
  return {
    rp: { id: input.rp.id, name: input.rp.name },
    user: { id: input.user.handle, name: input.user.name, displayName: input.user.displayName },
    challenge: input.challenge,
    pubKeyCredParams: allowedAlgorithms.map((alg) => ({ type: 'public-key', alg })),
    timeout: input.timeoutMs ?? 300_000,
    excludeCredentials: input.exclude.map((id) => ({ type: 'public-key', id })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
      ...(input.isBroughtAlong === true && { authenticatorAttachment: 'cross-platform' }),
    },
    ...(input.isBroughtAlong === true && { hints: ['security-key', 'hybrid'] }),
    attestation: input.attestation ?? 'none',
  };
}
